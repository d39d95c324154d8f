using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IncomingCalls;

namespace Guides.Adapters;

#region callbacks
/// <summary>Holds one open item for each person whose last call was not answered.</summary>
internal sealed class CrmCallbacks(CrmClient crm, ICallHandlerStore store, TimeProvider time)
{
    // Longer than an attempt, so that a turn ends by itself only after its process has ended.
    private static readonly TimeSpan TurnTime = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan TurnDelay = TimeSpan.FromSeconds(20);

    public async Task UpdateAsync(CrmPortal portal, Person person, CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent.Call is not { IsUnanswered: true } and not { Outcome: CallOutcome.Answered })
        {
            return;
        }

        // Calls of one person run in parallel, on all nodes. The reservation gives one of them its turn.
        var turn = HandlerKey.Person(person, "turn");
        if (!await store.TryReserveAsync(turn, time.GetUtcNow() + TurnTime, cancellationToken))
        {
            throw new CallEventRetryException(TurnDelay, message: "Another call of this person is being handled.");
        }

        try
        {
            await UpdateInTurnAsync(portal, person, callEvent, cancellationToken);
        }
        finally
        {
            // A value that has expired: the next call need not wait for the end of the reservation.
            await store.SaveAsync(turn, "", time.GetUtcNow(), CancellationToken.None);
        }
    }

    private async Task UpdateInTurnAsync(CrmPortal portal, Person person, CallEvent callEvent, CancellationToken cancellationToken)
    {
        var key = HandlerKey.Person(person, "item");
        var before = await store.GetAsync(key, cancellationToken) is { } json ? JsonSerializer.Deserialize<Callback>(json)! : new Callback();
        var after = before.With(callEvent.Call);

        // An attempt for this event that ended between the request and the save has left an open item.
        var mayHaveOpened = callEvent.Kind is CallEventKind.Missed or CallEventKind.Dropped;
        var id = before.ItemId ?? (mayHaveOpened ? await crm.FindOpenItemAsync(portal, GetName(person), cancellationToken) : null);
        if (after.IsWanted)
        {
            id ??= await crm.OpenItemAsync(portal, GetName(person), $"Call back {callEvent.Caller.DisplayName}", cancellationToken);
        }
        else if (id is not null)
        {
            await crm.CloseItemAsync(portal, id, cancellationToken);
            id = null;
        }

        await store.SaveAsync(key, JsonSerializer.Serialize(after with { ItemId = id }), cancellationToken);
    }

    /// <summary>The name of the person in the CRM: it is in addresses, so it must not be the phone number.</summary>
    private static string GetName(Person person) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Account}/{person.IdInstance}/{person.Id}")), 0, 16);

    /// <summary>What is known of a person. Calls may be handled in any order, so their times decide.</summary>
    private sealed record Callback(DateTimeOffset MissedAt = default, DateTimeOffset ReachedAt = default, string? ItemId = null)
    {
        public bool IsWanted => MissedAt > ReachedAt;

        public Callback With(Call call)
        {
            var startedAt = call.OfferedAt ?? call.OutcomeAt ?? default;
            return call.IsUnanswered ? this with { MissedAt = Max(MissedAt, startedAt) } : this with { ReachedAt = Max(ReachedAt, startedAt) };
        }

        private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
    }
}
#endregion
