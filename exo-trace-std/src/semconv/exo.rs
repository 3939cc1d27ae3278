//! What this library says of every span, and the package of queues and streams.
//!
//! The page's `exo.agent.*`, `exo.tool.*` and `exo.cost.*` stand with agents, tools and usage.

use super::convention::keys;

keys! {
    /// How a span ended that did not end well; see [`outcome`](super::outcome).
    EXO_OUTCOME = "exo.outcome": "enum(string)", "exo-trace";
    /// How many items a stream or an iterator gave.
    EXO_STREAM_ITEMS = "exo.stream.items": "int", "exo-trace";
    /// Seconds from a stream's beginning to its first item.
    EXO_STREAM_TIME_TO_FIRST_ITEM = "exo.stream.time_to_first_item": "double", "exo-trace";
    /// Seconds from one item of a stream to the next, on average, after the first.
    EXO_STREAM_TIME_PER_ITEM = "exo.stream.time_per_item": "double", "exo-trace";
    /// The keys of the values that were cut to their limit.
    EXO_TRUNCATED = "exo.truncated": "string[]", "exo-trace";
    /// How many messages a logged prompt has.
    EXO_PROMPT_MESSAGES = "exo.prompt.messages": "int", "exo-trace";
    /// How the tokens of a logged prompt were counted.
    EXO_PROMPT_METHOD = "exo.prompt.method": "string", "exo-trace";
    /// Tokens of a logged prompt by the system, counted here and not reported.
    EXO_PROMPT_SYSTEM_TOKENS = "exo.prompt.system_tokens": "int", "exo-trace";
    /// Those by the user.
    EXO_PROMPT_USER_TOKENS = "exo.prompt.user_tokens": "int", "exo-trace";
    /// Those by the assistant.
    EXO_PROMPT_ASSISTANT_TOKENS = "exo.prompt.assistant_tokens": "int", "exo-trace";
    /// Those by tools.
    EXO_PROMPT_TOOL_TOKENS = "exo.prompt.tool_tokens": "int", "exo-trace";
    /// Those by anybody else.
    EXO_PROMPT_OTHER_TOKENS = "exo.prompt.other_tokens": "int", "exo-trace";
    /// The sum of these.
    EXO_PROMPT_TOTAL_TOKENS = "exo.prompt.total_tokens": "int", "exo-trace";
    /// Tokens of the logged response.
    EXO_PROMPT_RESPONSE_TOKENS = "exo.prompt.response_tokens": "int", "exo-trace";
    /// The sort of a stream's event.
    EXO_STREAM_EVENT_TYPE = "exo.stream.event_type": "string", "package";
    /// A task that waits in a queue, or did.
    EXO_DISTRIBUTED_TASK_ID = "exo.distributed.task_id": "string", "package";
    /// Who works on a queue's task.
    EXO_DISTRIBUTED_WORKER_ID = "exo.distributed.worker_id": "string", "package";
    /// The queue.
    EXO_DISTRIBUTED_QUEUE_NAME = "exo.distributed.queue_name": "string", "package";
    /// How far a queue's task is.
    EXO_DISTRIBUTED_TASK_STATUS = "exo.distributed.task_status": "string", "package";
}
