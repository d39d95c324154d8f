using System.Text;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>Cases about the erasure of a person and of an instance.</summary>
internal static class ErasureCases
{
    private const string OtherNumber = "70000000102@c.us";

    public static InboxConformanceCase[] All { get; } =
    [
        new("Erasure_OfCaller_DeletesWhatIsStoredOfThePersonOnly", CallerAsync, isForDurable: true),
        new("Erasure_OfCaller_DiscardsEarlierNotificationsAndAcceptsLaterOnes", DiscardAsync, isForDurable: true),
        new("Erasure_DeliveryIsPending_IsNotDelivered", PendingAsync, isForDurable: true),
        new("Erasure_HandlerIsRunning_LeavesNoDeadLetterAndNoValue", RunningAsync, isForDurable: true),
        new("Erasure_OfCaller_DeletesQuarantinedNotificationsWithTheNumber", QuarantineAsync, isForDurable: true),
        new("Erasure_OfInstance_KeepsOtherInstances", InstanceAsync, isForDurable: true),
        new("Erasure_RepeatedForInstance_KeepsWhatWasReceivedLater", RepeatAsync, isForDurable: true),
        new("Erasure_ArgumentsAreInvalid_ErasesNothing", InvalidAsync, isForDurable: true),
    ];

    private static async Task CallerAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static (_, _) => throw new CallEventRejectedException("There is no such customer.");
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverAsync(CreateOther("B")).ConfigureAwait(false);
        await Expect.EventuallyAsync(async () => (await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count == 2, "two dead letters").ConfigureAwait(false);

        var report = await EraseAsync(host).ConfigureAwait(false);

        Expect.True(report.IsComplete, "everything was deleted");
        Expect.Equal((report.Counts.Calls, report.Counts.DeadLetters, report.Counts.Persons), (1, 1, 1), "The numbers of calls, dead letters and persons");
        Expect.Equal((report.PerformedBy, report.Account, report.IdInstance), ("dpo@acme", "acme", null), "Who has erased what");
        Expect.True(!report.ToString().Contains("70000000101", StringComparison.Ordinal), "the report contains no phone number");
        Expect.Equal(await TestCallbacks.FindAsync(host).ConfigureAwait(false), null, "The callback of the person");
        Expect.Equal((await host.GetCallbacks().ListAsync().ConfigureAwait(false)).Count, 1, "The callbacks of others");
        Expect.Equal(TestDeadLetters.Describe(await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)), "first B", "The dead letters");
        var stored = (await host.Administration.ListErasuresAsync().ConfigureAwait(false)).Single();
        Expect.Equal((stored.Id, stored.IsComplete, stored.Counts), (report.Id, true, report.Counts), "The stored report");
        Expect.Equal((await host.DeliverAsync(CreateOther("B")).ConfigureAwait(false)).Outcome, IntakeOutcome.Duplicate, "A notification of the other call");
    }

    private static async Task DiscardAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await EraseAsync(host).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await StartAsync(host).ConfigureAwait(false);

        Expect.Equal((await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false)).Outcome, IntakeOutcome.Discarded, "The redelivery of an erased notification");
        Expect.Equal((await host.DeliverCallAsync("C", "pickUp", 30, TestCallbacks.OtherInstance).ConfigureAwait(false)).Outcome, IntakeOutcome.Discarded, "A notification from before, on another instance of the account");
        Expect.Equal((await host.DeliverAsync(TestNotifications.CreateCall("missed", "D")).ConfigureAwait(false)).Outcome, IntakeOutcome.Stored, "A call after the erasure");
        await host.Recorder.WaitForEntriesAsync("first Missed D").ConfigureAwait(false);
        Expect.Equal(TestCallbacks.Describe((await TestCallbacks.FindAsync(host).ConfigureAwait(false))!.Calls), "D", "The calls of the callback");
        Expect.Equal(string.Join(' ', host.Recorder.EntriesOf("first")), "Missed A Missed D", "The handled events");
    }

    private static async Task PendingAsync(ConformanceHost host)
    {
        await StartAsync(host, static settings => settings.RetryDelays = [TimeSpan.FromMilliseconds(300)]).ConfigureAwait(false);
        var failed = new TaskCompletionSource();
        host.Recorder.StoringBehavior = (context, _) =>
        {
            if (context.Event.Call.Key.IdMessage == "A")
            {
                failed.TrySetResult();
                throw new InvalidOperationException("The CRM is not available.");
            }

            return Task.CompletedTask;
        };
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await failed.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
        host.Recorder.StoringBehavior = static (_, _) => Task.CompletedTask;

        var report = await EraseAsync(host).ConfigureAwait(false);
        await host.DeliverAsync(CreateOther("B")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed B").ConfigureAwait(false);

        Expect.True(report.IsComplete, "everything was deleted");
        await Expect.EventuallyAsync(async () => (await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Depth == 0, "nothing is pending").ConfigureAwait(false);
        Expect.Equal((await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count, 0, "The dead letters");
    }

    private static async Task RunningAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        TaskCompletionSource started = new(), release = new();
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
        {
            started.TrySetResult();
            await release.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await context.Store.SaveAsync(HandlerKey.Person(context.Event.Person!), "customer 1", cancellationToken).ConfigureAwait(false);
            throw new CallEventRejectedException("There is no such customer.");
        };
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);

        var erasing = EraseAsync(host);
        release.SetResult();
        var report = await erasing.ConfigureAwait(false);

        List<string?> found = [];
        host.Recorder.StoringBehavior = async (context, cancellationToken) =>
            found.Add(await context.Store.GetAsync(HandlerKey.Person(context.Event.Person!), cancellationToken).ConfigureAwait(false));
        await host.DeliverAsync(TestNotifications.CreateCall("missed", "D")).ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed D").ConfigureAwait(false);

        Expect.True(report.IsComplete, "everything was deleted");
        Expect.Equal(found.Single(), null, "The value of the person");
        Expect.Equal((await host.Administration.ListDeadLettersAsync().ConfigureAwait(false)).Count, 0, "The dead letters");
    }

    private static async Task QuarantineAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        foreach (var number in (string[])["70000000101", "700000001010", "70000000102"])
        {
            await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes($$"""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001},"from":"{{number}}@c.us"}""")).ConfigureAwait(false);
        }

        await host.Intake.AcceptAsync("{ from: 70000000101"u8.ToArray()).ConfigureAwait(false);

        var report = await EraseAsync(host).ConfigureAwait(false);

        Expect.Equal(report.Counts.Quarantined, 2, "The notifications that were deleted");
        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 2, "The notifications with other numbers");
    }

    private static async Task InstanceAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        await host.DeliverCallAsync("B", "missed", 30, TestCallbacks.OtherInstance).ConfigureAwait(false);
        await host.DeliverAsync(CreateOther("C")).ConfigureAwait(false);

        var report = await host.Administration.EraseInstanceAsync(TestNotifications.IdInstance, "dpo@acme").ConfigureAwait(false);

        Expect.True(report.IsComplete, "everything was deleted");
        Expect.Equal(report.Counts.Calls, 2, "The calls that were deleted");
        Expect.Equal((report.IdInstance, report.Salt), (TestNotifications.IdInstance, null), "What was erased");
        Expect.Equal(TestCallbacks.Describe((await TestCallbacks.FindAsync(host).ConfigureAwait(false))!.Calls), "B", "The calls of the callback");
        Expect.Equal((await host.GetCallbacks().ListAsync().ConfigureAwait(false)).Count, 1, "The callbacks");
        Expect.Equal((await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false)).Outcome, IntakeOutcome.Discarded, "The redelivery of an erased notification");
        Expect.Equal((await host.DeliverCallAsync("B", "missed", 30, TestCallbacks.OtherInstance).ConfigureAwait(false)).Outcome, IntakeOutcome.Duplicate, "That of the other instance");
    }

    private static async Task RepeatAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);
        await host.DeliverCallAsync("A", "missed", 40).ConfigureAwait(false);
        var first = await host.Administration.EraseInstanceAsync(TestNotifications.IdInstance).ConfigureAwait(false);
        var later = TestNotifications.CreateCall("missed", "B");
        await host.DeliverAsync(later).ConfigureAwait(false);

        var second = await host.Administration.RepeatErasureAsync(first).ConfigureAwait(false);

        Expect.Equal((second.Id, second.At, second.Counts.Calls), (first.Id, first.At, 1), "The repeated erasure");
        Expect.Equal((await host.Administration.ListErasuresAsync().ConfigureAwait(false)).Count, 1, "The reports");
        Expect.Equal((await host.DeliverAsync(later).ConfigureAwait(false)).Outcome, IntakeOutcome.Duplicate, "The redelivery of a later call");
    }

    private static async Task InvalidAsync(ConformanceHost host)
    {
        await StartAsync(host).ConfigureAwait(false);

        await Expect.ThrowsAsync<ArgumentException>(() => host.Administration.EraseCallerAsync("acme", default).AsTask(), "an empty chat id").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => host.Administration.EraseCallerAsync("acme", ChatId.Parse("70000000101-1600000000@g.us")).AsTask(), "a group").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => host.Administration.EraseInstanceAsync(0).AsTask(), "an instance without a number").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => host.Administration.EraseInstanceAsync(1, new('x', 201)).AsTask(), "a long name").ConfigureAwait(false);
        await Expect.ThrowsAsync<ArgumentException>(() => host.Administration.RepeatErasureAsync(new() { Id = Guid.Empty, At = default }).AsTask(), "a report of nothing").ConfigureAwait(false);
        Expect.Equal((await host.Administration.ListErasuresAsync().ConfigureAwait(false)).Count, 0, "The reports");
    }

    private static Task StartAsync(ConformanceHost host, Action<IncomingCallsOptions>? options = null) =>
        host.StartAsync(static calls => calls.AddHandler<FirstStoringHandler>(FirstHandler.Name).AddInstances<InstancesOfOneAccount>(), options);

    private static Task<ErasureReport> EraseAsync(ConformanceHost host) =>
        host.Administration.EraseCallerAsync("acme", TestCallbacks.Client.ChatId, "dpo@acme").AsTask();

    private static IncomingCallNotification CreateOther(string id) => TestNotifications.CreateCall("missed", id) with { From = ChatId.Parse(OtherNumber) };
}
