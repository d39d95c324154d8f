using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored state of a call grain: the call, its dead letters that are not transferred yet, and its bucket while it has pending work.</summary>
internal sealed record CallGrainState
{
    /// <summary>The JSON contract: the models of the core are stored as the JSON of the core.</summary>
    public static JsonTypeInfo<CallGrainState> TypeInfo { get; } = CreateTypeInfo();

    public CallState? Call { get; init; }

    /// <summary>
    /// The dead letters that are not transferred to the <c>DeadLettersGrain</c> yet. They are written together with the call that removes their
    /// deliveries, so that no delivery is lost or duplicated.
    /// </summary>
    public IReadOnlyList<DeadLetterEntry> DeadLetters { get; init; } = [];

    /// <summary>What the call means for persons, and may not have been applied to them yet; null for nothing.</summary>
    public IReadOnlyList<PersonContact>? Contacts { get; init; }

    /// <summary>The bucket that wakes the call when it is due; null while the call has no pending work.</summary>
    public int? Bucket { get; init; }

    /// <summary>The number of the entry in a bucket. Updates of an earlier entry do not apply to a later one.</summary>
    public long Generation { get; init; }

    /// <summary>When the next work is due, in UTC; null when there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt => DeadLetters.Count > 0 ? DeadLetters[0].FailedAt : Call?.DueAt;

    /// <summary>Returns the state after a transition of the call.</summary>
    /// <param name="transition">The transition.</param>
    /// <param name="chooseBucket">Chooses the bucket of a call that has none and needs one.</param>
    public CallGrainState WithTransition(StateTransition transition, Func<int> chooseBucket)
    {
        if (!transition.IsChange)
        {
            return this;
        }

        var next = this with
        {
            Call = transition.State,
            DeadLetters = transition.DeadLetter is { } letter ? [.. WithoutDeadLetter(letter).DeadLetters, letter] : DeadLetters,
            Contacts = transition.Contacts.Count == 0 ? Contacts : [.. Contacts ?? [], .. transition.Contacts],
        };
        return next.WithBucket(chooseBucket);
    }

    /// <summary>Returns the state without a dead letter that was transferred or replayed.</summary>
    public CallGrainState WithoutDeadLetter(DeadLetterEntry letter) =>
        this with { DeadLetters = [.. DeadLetters.Where(other => other.Event.Id != letter.Event.Id || other.Handler != letter.Handler)] };

    /// <summary>Returns the state without what was applied to a person.</summary>
    public CallGrainState WithoutContact(PersonContact contact) =>
        this with { Contacts = Contacts?.Where(other => other != contact).ToArray() is { Length: > 0 } others ? others : null };

    /// <summary>Returns the state with a bucket if the call has pending work, and without one otherwise.</summary>
    public CallGrainState WithBucket(Func<int> chooseBucket) =>
        DueAt is null ? this with { Bucket = null }
        : Bucket is null ? this with { Bucket = chooseBucket(), Generation = Generation + 1 }
        : this;

    /// <summary>Creates the entry for the bucket; null when the call has no pending work.</summary>
    public WakeUpEntry? ToWakeUpEntry() => DueAt is not { } dueAt ? null : new()
    {
        Generation = Generation,
        DueAt = dueAt,
        PendingCount = Call?.PendingCount ?? 0,
        OldestPendingAt = Call?.OldestPendingAt,
        Destinations = GetAwaitedDestinations(Call?.PendingEvents ?? []),
    };

    private static ulong GetAwaitedDestinations(IReadOnlyList<PendingEvent> events)
    {
        var destinations = 0UL;
        foreach (var pending in events)
        {
            foreach (var delivery in pending.Deliveries)
            {
                destinations |= delivery is { WaitsFor: DeliveryWait.Destination, Destination: { } destination } ? DestinationsState.GetBit(delivery.HandlerName, destination) : 0;
            }
        }

        return destinations;
    }

    private static JsonTypeInfo<CallGrainState> CreateTypeInfo()
    {
        var core = IncomingCallsJson.DefaultOptions;
        // By reflection, because a generated contract would contain the models of the core again, whose converters are internal.
        var options = new JsonSerializerOptions(core) { TypeInfoResolver = JsonTypeInfoResolver.Combine(core.TypeInfoResolver, new DefaultJsonTypeInfoResolver()) };
        return (JsonTypeInfo<CallGrainState>)options.GetTypeInfo(typeof(CallGrainState));
    }
}
