using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Testing;

/// <summary>What cannot be read.</summary>
internal static class QuarantineCases
{
    private static readonly byte[] Garbage = "{ no json"u8.ToArray();
    private static readonly byte[] WithoutId = Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001},"status":"offer"}""");

    public static InboxConformanceCase[] All { get; } =
    [
        new("Quarantine_CallThatCannotBeUnderstood_IsAcknowledged", AcknowledgedAsync),
        new("Quarantine_Bytes_AreKeptListedAndPurged", KeptAsync, isForDurable: true),
        new("Quarantine_ReplayedUnreadable_ComesBackOnce", ComesBackAsync, isForDurable: true),
        new("Quarantine_ReplayedAfterThePolicyIsMended_IsHandled", MendedAsync, isForDurable: true),
    ];

    private static async Task AcknowledgedAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(WithoutId).ConfigureAwait(false);

        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");
        Expect.True(result.ShouldAcknowledge, "it would hold back every call behind it");
    }

    private static async Task KeptAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);

        var result = await host.Intake.AcceptAsync(Garbage).ConfigureAwait(false);
        await host.Intake.AcceptAsync(WithoutId).ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.True(result.ShouldAcknowledge, "what is kept for good is acknowledged");
        var items = await host.Administration.ListQuarantineAsync().ConfigureAwait(false);
        Expect.Equal(string.Join(' ', items.Select(item => item.Reason)), "NotANotification NotUnderstood", "The reasons");
        var bytes = await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false);
        Expect.True(bytes!.Value.Span.SequenceEqual(Garbage), "the bytes are those that came");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 1, "Purged");
        Expect.Equal(await host.Administration.PurgeQuarantineAsync(items[0].Id).ConfigureAwait(false), 0, "Purged again");
        Expect.True(await host.Administration.ReadQuarantinedAsync(items[0].Id).ConfigureAwait(false) is null, "what is purged has no bytes");
        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "What is left");
    }

    private static async Task ComesBackAsync(ConformanceHost host)
    {
        await host.StartAsync().ConfigureAwait(false);
        await host.Intake.AcceptAsync(Garbage).ConfigureAwait(false);
        var id = (await host.Administration.ListQuarantineAsync().ConfigureAwait(false))[0].Id;

        Expect.Equal(await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false), 1, "Replayed");
        await host.Administration.ReplayQuarantineAsync(id).ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).All(item => item.Id != id), "The item was taken in").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);
        await host.StartAsync().ConfigureAwait(false);

        Expect.Equal((await host.Administration.ListQuarantineAsync().ConfigureAwait(false)).Count, 1, "Items");
    }

    private static async Task MendedAsync(ConformanceHost host)
    {
        var policy = new BreakablePolicy { IsBroken = true };
        await host.StartAsync(calls => calls.UsePolicy(policy).AddHandler<FirstHandler>(FirstHandler.Name)).ConfigureAwait(false);
        var result = await host.DeliverAsync(Sent.Call("declined")).ConfigureAwait(false);
        Expect.Equal(result.Outcome, IntakeOutcome.Quarantined, "The outcome");

        policy.IsBroken = false;
        await host.Administration.ReplayQuarantineAsync().ConfigureAwait(false);
        await host.Diary.HasAsync("first Missed A").ConfigureAwait(false);
        await Expect.EventuallyAsync(
            async () => (await host.Administration.GetStatisticsAsync().ConfigureAwait(false)).Quarantined == 0, "The quarantine is empty").ConfigureAwait(false);
        await host.StopAsync().ConfigureAwait(false);

        Expect.Lines(host.Diary.Lines, "first Missed A");
    }

    private sealed class BreakablePolicy : ICallPolicy
    {
        public bool IsBroken { get; set; }

        public CallDecision Decide(CallPolicyContext context) =>
            IsBroken ? throw new InvalidOperationException("A bug.") : CallPolicies.AllStatuses.Decide(context);
    }
}
