using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored state of a person: its callback, what of it is not passed on yet, and whether it is in the index of open callbacks.</summary>
internal sealed record PersonGrainState
{
    /// <summary>The state is written as a whole: the oldest calls above this number are no longer listed.</summary>
    private const int MaxEndedCalls = 1_000;

    /// <summary>The JSON contract: the models of the core are stored as the JSON of the core.</summary>
    public static JsonTypeInfo<PersonGrainState> TypeInfo { get; } = CreateTypeInfo();

    public PersonState? Person { get; init; }

    /// <summary>The callbacks that were closed, and whose event is not stored yet. They are written together with the state that no longer contains their calls.</summary>
    public IReadOnlyList<ClosedCallback> Closings { get; init; } = [];

    /// <summary>The newest calls of the person that have ended, so that they can be erased. A call is removed when it is deleted, or after the deduplication window.</summary>
    public IReadOnlyList<PersonGrainCall> EndedCalls { get; init; } = [];

    /// <summary>When the callback was opened that the index may contain, in UTC; null when it contains none. Written before the index is changed.</summary>
    public DateTimeOffset? ListedSince { get; init; }

    /// <summary>Returns the state after a transition of the person.</summary>
    public PersonGrainState With(PersonTransition transition) => !transition.IsChange ? this : this with
    {
        Person = transition.State,
        Closings = transition.Closed is { } closed ? [.. Closings, closed] : Closings,
        ListedSince = transition.State?.OpenSince ?? ListedSince,
    };

    /// <summary>Returns the state with a call that has ended.</summary>
    public PersonGrainState WithCall(string call, DateTimeOffset endedAt, DateTimeOffset retainedSince) => EndedCalls.Any(other => other.Call == call) ? this
        : this with { EndedCalls = [.. EndedCalls.Where(other => other.EndedAt >= retainedSince).TakeLast(MaxEndedCalls - 1), new() { Call = call, EndedAt = endedAt }] };

    /// <summary>Returns the state without what is erased.</summary>
    /// <param name="subject">What is erased.</param>
    /// <param name="calls">The keys of the erased calls.</param>
    public PersonGrainState Erase(ErasedSubject subject, IReadOnlySet<string> calls) => this with
    {
        Person = Person is null ? null : subject.Reduce(Person, call => calls.Contains(call.ToString())),
        EndedCalls = [.. EndedCalls.Where(call => !calls.Contains(call.Call))],
        Closings = [.. Closings.Where(closed => !(subject.CoversPerson(closed.Person.Account, closed.Person.IdInstance, closed.Person.Id) && subject.IsEarlier(closed.ClosedAt)))],
    };

    /// <summary>Returns the state without a closing whose event is stored.</summary>
    public PersonGrainState WithoutClosing(CallKey key) => this with { Closings = [.. Closings.Where(closed => CallTransitions.GetCallbackKey(closed) != key)] };

    private static JsonTypeInfo<PersonGrainState> CreateTypeInfo()
    {
        var core = IncomingCallsJson.DefaultOptions;
        // By reflection, as that of a call.
        var options = new JsonSerializerOptions(core) { TypeInfoResolver = JsonTypeInfoResolver.Combine(core.TypeInfoResolver, new DefaultJsonTypeInfoResolver()) };
        return (JsonTypeInfo<PersonGrainState>)options.GetTypeInfo(typeof(PersonGrainState));
    }
}

/// <summary>A call of a person that has ended.</summary>
internal sealed record PersonGrainCall
{
    /// <summary>The key of the call.</summary>
    public required string Call { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>The hash of a person, which is the key of its grain and its id in the list of open callbacks. It contains no phone number.</summary>
internal readonly record struct PersonHash
{
    /// <summary>The number of parts of the index, each of which is written as a whole.</summary>
    public const int IndexParts = 64;

    private readonly string _key;

    public PersonHash(string grainKey) => _key = grainKey;

    /// <summary>The key of the grain.</summary>
    public string GrainKey => _key;

    /// <summary>The <see cref="OpenCallback.Id"/>, a positive number.</summary>
    public long Id => long.Parse(_key.AsSpan(0, 15), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The part of the index that contains the person.</summary>
    public int IndexPart => (int)(Id % IndexParts);

    public static PersonHash Of(Person person) => new(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{person.Account}\0{person.IdInstance}\0{person.Id}")))));
}
