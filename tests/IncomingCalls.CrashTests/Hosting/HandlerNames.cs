namespace IncomingCalls.CrashTests;

/// <summary>The names of the handlers.</summary>
internal static class HandlerNames
{
    public const string Ledger = "ledger";
    public const string Board = "board";

    /// <summary>The one that fails and refuses, see <see cref="Moods"/>.</summary>
    public const string Moody = "moody";

    public static readonly IReadOnlyList<string> All = [Ledger, Board, Moody];

    /// <summary>How an attempt of a handler ends.</summary>
    public static RunEnd EndOf(string handler, string eventId, int attempt) => handler == Moody ? Moods.Of(eventId, attempt) : RunEnd.Done;
}
