namespace IncomingCalls.Testing;

/// <summary>What a handler gave up, and what an operator does about it.</summary>
internal static class DeadLetterCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("DeadLetter_LastAttemptFails_IsListedWithoutNumbersAndReplayed", ReplayedAsync, isForDurable: true),
        new("DeadLetter_Purged_IsGone", PurgedAsync, isForDurable: true),
        new("DeadLetter_HandlerRejects_IsOneAtOnce", RejectedAsync, isForDurable: true),
        new("DeadLetter_ReplayedTwice_IsHandledOnce", TwiceAsync, isForDurable: true),
        new("DeadLetter_FailsAgain_IsOneAgain", AgainAsync, isForDurable: true),
    ];

    private static async Task ReplayedAsync(ConformanceHost host)
    {
        var letter = await FailAsync(host, new InvalidOperationException("Customer +7 000 000-01-01 (70000000101@c.us) is unknown.")).ConfigureAwait(false);

        Expect.Equal(letter.Attempts, 4, "Attempts");
        Expect.Equal(letter.Handler, FirstHandler.Name, "The handler");
        Expect.Equal(letter.Kind, CallEventKind.Missed, "The kind");
        Expect.True(letter.Error.Contains("InvalidOperationException", StringComparison.Ordinal), "the error names the type");
        Expect.True(!letter.Error.Any(char.IsDigit) || !letter.Error.Contains("0101", StringComparison.Ordinal), "the error shows no number");

        host.Diary.Script = static (_, _, _) => Task.CompletedTask;
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false), 1, "Replayed");
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        Expect.Equal((await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count, 0, "Dead letters");
        Expect.Equal(host.Diary.Events[^1].Id, letter.EventId, "The event");
        Expect.Equal(host.Diary.Events[^1].Attempt, 1, "The attempt");
    }

    private static async Task PurgedAsync(ConformanceHost host)
    {
        var letter = await FailAsync(host, new InvalidOperationException("Never.")).ConfigureAwait(false);

        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(letter.Id + 1).ConfigureAwait(false), 0, "Purged under another id");
        Expect.Equal(await host.Administration.PurgeDeadLettersAsync().ConfigureAwait(false), 1, "Purged");

        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).DeadLetters, 0, "Dead letters");
    }

    private static async Task RejectedAsync(ConformanceHost host)
    {
        var letter = await FailAsync(host, new CallEventRejectedException("No such customer.")).ConfigureAwait(false);

        Expect.Equal(letter.Attempts, 1, "Attempts");
    }

    private static async Task TwiceAsync(ConformanceHost host)
    {
        var letter = await FailAsync(host, new InvalidOperationException("Never.")).ConfigureAwait(false);
        host.Diary.Script = static (_, _, _) => Task.CompletedTask;

        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);
        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false), 0, "Replayed after it was handled");
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed A");
    }

    private static async Task AgainAsync(ConformanceHost host)
    {
        var letter = await FailAsync(host, new CallEventRejectedException("No.")).ConfigureAwait(false);

        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);

        await Expect.EventuallyAsync(
            async () => await host.Administration.ListDeadLettersAsync().ConfigureAwait(false) is [var other] && other.Id != letter.Id && !other.IsReplayRequested,
            "The event is a dead letter again").ConfigureAwait(false);
    }

    private static async Task<DeadLetter> FailAsync(ConformanceHost host, Exception failure)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Diary.Script = (_, _, _) => throw failure;
        await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(
            async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "The event is a dead letter").ConfigureAwait(false);
        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Depth, 0, "What is owed");
        return letters[0];
    }
}
