using IncomingCalls.Testing.Conformance.Harness;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about dead letters, and their replay and purge by an operator.</summary>
internal static class DeadLetterCases
{
    public static InboxConformanceCase[] All { get; } =
    [
        new("DeadLetter_LastAttemptFails_IsListedWithoutPhoneNumbersAndReplayed", ReplayAsync, isForDurable: true),
        new("DeadLetter_Purged_IsGone", PurgeAsync, isForDurable: true),
        new("DeadLetter_HandlerRejects_IsCreatedAtOnce", RejectAsync, isForDurable: true),
        new("DeadLetter_ReplayedTwice_IsHandledOnce", ReplayTwiceAsync, isForDurable: true),
        new("DeadLetter_ReplayFails_IsCreatedAgain", FailAfterReplayAsync, isForDurable: true),
    ];

    private static async Task ReplayAsync(ConformanceHost host)
    {
        var letter = await CreateDeadLetterAsync(host, new InvalidOperationException("Customer +7 000 000-01-01 (70000000101@c.us) is unknown.")).ConfigureAwait(false);

        Expect.Equal(letter.Attempts, 4, "Attempts");
        Expect.Equal(letter.Handler, FirstHandler.Name, "The handler");
        Expect.Equal(letter.Kind, CallEventKind.Missed, "The kind");
        Expect.True(letter.Error.Contains("InvalidOperationException", StringComparison.Ordinal), "the error contains the exception type");
        Expect.True(!letter.Error.Any(char.IsDigit) || !letter.Error.Contains("0101", StringComparison.Ordinal), "the error contains no phone number");

        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false), 1, "Replayed");
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        Expect.Equal((await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count, 0, "Dead letters");
        Expect.Equal(host.Recorder.Events[^1].Id, letter.EventId, "The event");
        Expect.Equal(host.Recorder.Events[^1].Attempt, 1, "The attempt");
    }

    private static async Task PurgeAsync(ConformanceHost host)
    {
        var letter = await CreateDeadLetterAsync(host, new InvalidOperationException("It always fails.")).ConfigureAwait(false);

        Expect.Equal(await host.Administration.PurgeDeadLettersAsync(letter.Id + 1).ConfigureAwait(false), 0, "Purged under another id");
        Expect.Equal(await host.Administration.PurgeDeadLettersAsync().ConfigureAwait(false), 1, "Purged");

        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).DeadLetters, 0, "Dead letters");
    }

    private static async Task RejectAsync(ConformanceHost host)
    {
        var letter = await CreateDeadLetterAsync(host, new CallEventRejectedException("No such customer.")).ConfigureAwait(false);

        Expect.Equal(letter.Attempts, 1, "Attempts");
    }

    private static async Task ReplayTwiceAsync(ConformanceHost host)
    {
        var letter = await CreateDeadLetterAsync(host, new InvalidOperationException("It always fails.")).ConfigureAwait(false);
        host.Recorder.HandlerBehavior = static (_, _, _) => Task.CompletedTask;

        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);
        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        Expect.Equal(await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false), 0, "Replayed after it was handled");
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private static async Task FailAfterReplayAsync(ConformanceHost host)
    {
        var letter = await CreateDeadLetterAsync(host, new CallEventRejectedException("No.")).ConfigureAwait(false);

        await host.Administration.ReplayDeadLettersAsync(letter.Id).ConfigureAwait(false);

        await Expect.EventuallyAsync(
            async () => await host.Administration.ListDeadLettersAsync().ConfigureAwait(false) is [var other] && other.Id != letter.Id && !other.IsReplayRequested,
            "the event is a dead letter again").ConfigureAwait(false);
    }

    private static async Task<DeadLetter> CreateDeadLetterAsync(ConformanceHost host, Exception failure)
    {
        await host.StartAsync().ConfigureAwait(false);
        host.Recorder.HandlerBehavior = (_, _, _) => throw failure;
        await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        IReadOnlyList<DeadLetter> letters = [];
        await Expect.EventuallyAsync(
            async () => (letters = await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 1, "the event is a dead letter").ConfigureAwait(false);
        Expect.Equal((await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Depth, 0, "Pending deliveries");
        return letters[0];
    }
}
