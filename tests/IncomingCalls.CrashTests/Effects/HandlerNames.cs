namespace IncomingCalls.CrashTests;

/// <summary>The names of the handlers.</summary>
internal static class HandlerNames
{
    public const string Ledger = "ledger";
    public const string Board = "board";

    /// <summary>The handler that fails and rejects, see <see cref="FailureProfile"/>.</summary>
    public const string Failing = "failing";

    /// <summary>The chat recorder, which gets the events with a label and waits for the caller's name.</summary>
    public const string Chat = "chat";

    /// <summary>The event handlers.</summary>
    public static readonly IReadOnlyList<string> All = [Ledger, Board, Failing];

    /// <summary>The event handlers and the chat recorder.</summary>
    public static readonly IReadOnlyList<string> AllWithChat = [.. All, Chat];

    /// <summary>Whether a handler receives events of a kind.</summary>
    public static bool Receives(string handler, CallEventKind kind) => handler != Chat || kind is not (CallEventKind.Unrecognized or CallEventKind.OutcomeUnknown);

    /// <summary>Gets the result with which an attempt of a handler ends.</summary>
    public static EffectResult ExpectedResultOf(string handler, string eventId, int attempt) => handler == Failing ? FailureProfile.ResultOf(eventId, attempt) : EffectResult.Done;
}

/// <summary>Decides how attempts of the failing handler end: in every run the same, so that the checker knows what to expect.</summary>
internal static class FailureProfile
{
    /// <summary>Gets the result of an attempt: one event of four fails at the first attempt, one of eight is rejected.</summary>
    public static EffectResult ResultOf(string eventId, int attempt) => ((Hash(eventId) >> 16) % 8) switch
    {
        0 or 1 when attempt == 1 => EffectResult.Failed,
        2 => EffectResult.Rejected,
        _ => EffectResult.Done,
    };

    /// <summary>FNV-1a, since the hash code of a string differs between processes. Only the upper bits are used: the lower ones depend on the lower bits of the letters only.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261u, static (hash, letter) => (hash ^ letter) * 16777619u);
}
