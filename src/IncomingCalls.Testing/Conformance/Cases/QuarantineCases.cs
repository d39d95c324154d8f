using System.Text;
using IncomingCalls.Testing.Conformance.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing.Conformance.Cases;

/// <summary>What cannot be read.</summary>
internal static class QuarantineCases
{
    private static readonly byte[] MalformedJson = "{ no json"u8.ToArray();
    private static readonly byte[] MissingIdMessage = Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001},"status":"offer"}""");

    public static InboxConformanceCase[] All { get; } =
    [
        new("Quarantine_UnreadableCall_IsAcknowledged", UnreadableIsAcknowledgedAsync),
        new("Quarantine_Bytes_AreStoredListedAndPurged", BytesAreStoredAsync, isForDurable: true),
        new("Quarantine_ReplayedUnreadable_IsQuarantinedOnce", UnreadableReplayAsync, isForDurable: true),
        new("Quarantine_ReplayedAfterPolicyFix_IsHandled", ReplayAfterFixAsync, isForDurable: true),
    ];

    private static async Task UnreadableIsAcknowledgedAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(MissingIdMessage).ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");
        Expect.True(result.ShouldAcknowledge, "it would hold back every call behind it");
    }

    private static async Task BytesAreStoredAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(MalformedJson).ConfigureAwait(false);
        await host.Intake.AcceptAsync(MissingIdMessage).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.True(result.ShouldAcknowledge, "what is kept for good is acknowledged");
        var items = await host.Administration.ListQuarantineAsync().ConfigureAwait(false);
        Expect.Equal(string.Join(' ', items.Select(item => item.Reason)), "NotANotification NotUnderstood", "The reasons");
        var bytes = await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false);
        Expect.True(bytes!.Value.Span.SequenceEqual(MalformedJson), "the bytes are those that came");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 1, "Purged");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 0, "Purged again");
        Expect.True(await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false) is null, "an item that is gone has no bytes, not even none");
        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "What is left");
    }

    private static async Task UnreadableReplayAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync(MalformedJson).ConfigureAwait(false);
        var id = (await host.Administration.ListQuarantineAsync().ConfigureAwait(false))[0].Id;

        Expect.Equal(await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false), 1, "Replayed");
        await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).All(item => item.Id != id), "The item was taken in").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "Items");
    }

    private static async Task ReplayAfterFixAsync(ConformanceHost host)
    {
        var policy = new FaultyPolicy { IsFailing = true };
        await host.StartAsync(calls => calls.UsePolicy(policy).AddHandler<FirstHandler>(FirstHandler.Name)).ConfigureAwait(false);
        var result = await host.DeliverAsync(TestNotifications.CreateCall("declined")).ConfigureAwait(false);
        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");

        policy.IsFailing = false;
        await host.Administration.ReplayQuarantineAsync().ConfigureAwait(false);
        await host.Recorder.WaitForEntriesAsync("first Missed A").ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Quarantined == 0, "The quarantine is empty").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Entries(host.Recorder.Entries, "first Missed A");
    }

    private sealed class FaultyPolicy : ICallPolicy
    {
        public bool IsFailing { get; set; }

        public CallDecision Decide(CallPolicyContext context) =>
            IsFailing ? throw new InvalidOperationException("A bug.") : CallPolicies.AllStatuses.Decide(context);
    }
}
