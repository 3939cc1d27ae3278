//! Trace context and baggage between agents that speak Agent2Agent.
