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
