namespace IncomingCalls.CrashTests;

/// <summary>The names of the handlers.</summary>
internal static class HandlerNames
{
    public const string Ledger = "ledger";
    public const string Board = "board";

    /// <summary>The one that fails and refuses, see <see cref="FailureProfile"/>.</summary>
    public const string Failing = "moody";

    public static readonly IReadOnlyList<string> All = [Ledger, Board, Failing];

    /// <summary>How an attempt of a handler ends.</summary>
    public static EffectResult ExpectedResultOf(string handler, string eventId, int attempt) => handler == Failing ? FailureProfile.ResultOf(eventId, attempt) : EffectResult.Done;
}

/// <summary>How the moody handler takes an event: the same way in every life, so that the checker knows what to expect.</summary>
internal static class FailureProfile
{
    /// <summary>How an attempt ends: one event of four fails at first, one of eight is refused.</summary>
    public static EffectResult ResultOf(string eventId, int attempt) => ((Hash(eventId) >> 16) % 8) switch
    {
        0 or 1 when attempt == 1 => EffectResult.Failed,
        2 => EffectResult.Rejected,
        _ => EffectResult.Done,
    };

    /// <summary>FNV-1a, since the text's own hash code is another one in every process. Its upper bits: the lower ones know the lower bits of the letters only.</summary>
    private static uint Hash(string text) => text.Aggregate(2166136261u, static (hash, letter) => (hash ^ letter) * 16777619u);
}
