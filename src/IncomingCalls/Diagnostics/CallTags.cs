namespace IncomingCalls;

/// <summary>The tags of spans and metrics; all of few values.</summary>
internal static class CallTags
{
    public const string Outcome = "incoming_calls.outcome";
    public const string CallOutcome = "incoming_calls.call.outcome";
    public const string Handler = "incoming_calls.handler";
    public const string Kind = "incoming_calls.event.kind";
    public const string Result = "incoming_calls.result";
    public const string Reason = "incoming_calls.reason";
}
