//! What the Python package names besides attributes: its metrics, and how its spans' names begin.

use super::convention::texts;

texts! {
    /// How an agent's span is named: this, and the agent.
    SPAN_PREFIX_AGENT = "agent.";
    /// How a tool's span is named: this, and the tool.
    SPAN_PREFIX_TOOL = "tool.";
    /// How a model call's span is named: this, and the model.
    SPAN_PREFIX_LLM = "llm.";
    /// How a task's span is named: this, and the task.
    SPAN_PREFIX_TASK = "task.";
    /// How long runs of agents take, in seconds.
    METRIC_AGENT_RUN_DURATION = "agent_run_duration";
    /// How many runs of agents there were.
    METRIC_AGENT_RUN_COUNTER = "agent_run_counter";
    /// How many tokens agents used.
    METRIC_AGENT_TOKEN_USAGE = "agent_token_usage";
    /// How long tools take, in seconds.
    METRIC_TOOL_STEP_DURATION = "tool_step_duration";
    /// How many runs of tools there were.
    METRIC_TOOL_STEP_COUNTER = "tool_step_counter";
    /// How many tasks were put into queues.
    METRIC_DIST_TASKS_SUBMITTED = "dist_tasks_submitted";
    /// How many tasks of queues were done.
    METRIC_DIST_TASKS_COMPLETED = "dist_tasks_completed";
    /// How many tasks of queues failed.
    METRIC_DIST_TASKS_FAILED = "dist_tasks_failed";
    /// How many tasks of queues were cancelled.
    METRIC_DIST_TASKS_CANCELLED = "dist_tasks_cancelled";
    /// How many tasks wait in a queue.
    METRIC_DIST_QUEUE_DEPTH = "dist_queue_depth";
    /// How long tasks of queues take, in seconds.
    METRIC_DIST_TASK_DURATION = "dist_task_duration";
    /// How long tasks wait in queues, in seconds.
    METRIC_DIST_TASK_WAIT_TIME = "dist_task_wait_time";
    /// How many events streams gave.
    METRIC_STREAM_EVENTS_EMITTED = "stream_events_emitted";
    /// How long it takes to hand on a stream's event, in seconds.
    METRIC_STREAM_EVENT_PUBLISH_DURATION = "stream_event_publish_duration";
}
