//! What an agent looks up and what it keeps: retrieval and memory.

use super::convention::keys;

keys! {
    /// Where the documents come from.
    GEN_AI_DATA_SOURCE_ID = "gen_ai.data_source.id": "string", "development";
    /// What was looked for; only where capture is on.
    GEN_AI_RETRIEVAL_QUERY_TEXT = "gen_ai.retrieval.query.text": "string", "development";
    /// How many documents were asked for.
    GEN_AI_RETRIEVAL_TOP_K = "gen_ai.retrieval.top_k": "int", "development";
    /// Which documents were found, as objects with `id` and `score`; only where capture is on.
    GEN_AI_RETRIEVAL_DOCUMENTS = "gen_ai.retrieval.documents": "any", "development";
    /// Which memory it is.
    GEN_AI_MEMORY_STORE_ID = "gen_ai.memory.store.id": "string", "development";
    /// Which record of the memory it is.
    GEN_AI_MEMORY_RECORD_ID = "gen_ai.memory.record.id": "string", "development";
    /// How many records were found, or were to be written.
    GEN_AI_MEMORY_RECORD_COUNT = "gen_ai.memory.record.count": "int", "development";
    /// What was looked for in the memory; only where capture is on.
    GEN_AI_MEMORY_QUERY_TEXT = "gen_ai.memory.query.text": "string", "development";
    /// The records themselves, as objects with `content`; only where capture is on.
    GEN_AI_MEMORY_RECORDS = "gen_ai.memory.records": "any", "development";
}
