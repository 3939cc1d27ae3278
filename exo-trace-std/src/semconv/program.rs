//! Where in a program a span was made, what went wrong there, and what else it started.

use super::convention::keys;

keys! {
    /// The function, with its path.
    CODE_FUNCTION_NAME = "code.function.name": "string", "stable";
    /// The file of the source.
    CODE_FILE_PATH = "code.file.path": "string", "stable";
    /// The line of the source.
    CODE_LINE_NUMBER = "code.line.number": "int", "stable";
    /// The function, as the package and older conventions call it.
    CODE_FUNCTION = "code.function": "string", "development" => CODE_FUNCTION_NAME;
    /// The path before the function's name, in older conventions.
    CODE_NAMESPACE = "code.namespace": "string", "development" => CODE_FUNCTION_NAME;
    /// The module, in the package's word.
    CODE_MODULE = "code.module": "string", "package" => CODE_FUNCTION_NAME;
    /// The file of the source, as the package and older conventions call it.
    CODE_FILEPATH = "code.filepath": "string", "development" => CODE_FILE_PATH;
    /// The line of the source, as the package and older conventions call it.
    CODE_LINENO = "code.lineno": "int", "development" => CODE_LINE_NUMBER;
    /// What sort of error it was, one of few; see [`error_type`](super::error_type).
    ERROR_TYPE = "error.type": "enum(string)", "stable";
    /// The type of an error or a panic, on its event.
    EXCEPTION_TYPE = "exception.type": "string", "stable";
    /// The text of an error or a panic, on its event.
    EXCEPTION_MESSAGE = "exception.message": "string", "stable";
    /// The calls that led to an error or a panic, on its event.
    EXCEPTION_STACKTRACE = "exception.stacktrace": "string", "stable";
    /// The name of a program that a tool ran.
    PROCESS_EXECUTABLE_NAME = "process.executable.name": "string", "release_candidate";
    /// The path of a program that a tool ran.
    PROCESS_EXECUTABLE_PATH = "process.executable.path": "string", "release_candidate";
    /// What the program that a tool ran returned.
    PROCESS_EXIT_CODE = "process.exit.code": "int", "release_candidate";
}
