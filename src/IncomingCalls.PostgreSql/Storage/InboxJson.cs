using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inbox;

namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The JSON of the core in the columns of the tables. Members that a later version has written are written again.</summary>
internal static class InboxJson
{
    /// <summary>The version of the format of deliveries. A node skips deliveries of a later one, which a node of a later version handles.</summary>
    public const short Format = 2;

    /// <summary>The format of events that version 1 of the format knows.</summary>
    private const short FirstFormat = 1;

    private static readonly JsonTypeInfo<CallState> State = GetTypeInfo<CallState>();
    private static readonly JsonTypeInfo<PendingEvent> Event = GetTypeInfo<PendingEvent>();
    private static readonly JsonTypeInfo<DeadLetterEntry> Letter = GetTypeInfo<DeadLetterEntry>();
    private static readonly JsonTypeInfo<PersonState> PersonType = GetTypeInfo<PersonState>();

    /// <summary>Gets the format of the deliveries of an event: a node of an earlier version would take one that it does not know for another event.</summary>
    public static short FormatOf(PendingEvent pending) => pending.Event is { Callback: null, JournalEntry: null } ? FirstFormat : Format;

    /// <summary>Serializes a call without its pending deliveries, which are rows of their own.</summary>
    public static byte[] Write(CallState call) => JsonSerializer.SerializeToUtf8Bytes(call with { PendingEvents = [] }, State);

    /// <summary>Serializes an event with one of its deliveries.</summary>
    public static byte[] Write(PendingEvent pending, Delivery delivery) => JsonSerializer.SerializeToUtf8Bytes(pending with { Deliveries = [delivery] }, Event);

    public static byte[] Write(DeadLetterEntry letter) => JsonSerializer.SerializeToUtf8Bytes(letter, Letter);

    public static byte[] Write(PersonState state) => JsonSerializer.SerializeToUtf8Bytes(state, PersonType);

    /// <exception cref="JsonException">The state cannot be read.</exception>
    public static PersonState ReadPerson(byte[] json) => Read(json, PersonType) is { Person: not null, Calls: not null } state ? state : throw new JsonException("The state has no person.");

    /// <exception cref="UnreadableCallException">The state cannot be read.</exception>
    public static CallState ReadCall(CallKey key, byte[] json)
    {
        try
        {
            return Read(json, State) is { History.Facts: not null } call && call.History.Key == key ? call : throw new JsonException("The state belongs to another call.");
        }
        catch (JsonException e)
        {
            throw new UnreadableCallException(key, $"The stored state of a call of instance {key.IdInstance} cannot be read ({e.GetType().Name}).");
        }
    }

    /// <exception cref="JsonException">The event cannot be read.</exception>
    public static PendingEvent ReadEvent(byte[] json) =>
        Read(json, Event) is { Event.Id: not null, Deliveries: [not null] } pending ? pending : throw new JsonException("The event has no delivery.");

    /// <exception cref="JsonException">The dead letter cannot be read.</exception>
    public static DeadLetterEntry ReadDeadLetter(byte[] json) =>
        Read(json, Letter) is { Event.Id: not null } letter ? letter : throw new JsonException("The dead letter has no event.");

    /// <summary>Deserializes JSON. What System.Text.Json reports of a type that it cannot create is damage too, since the types are those that were written.</summary>
    private static T? Read<T>(byte[] json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (NotSupportedException e)
        {
            throw new JsonException("The JSON does not describe an object of the type.", e);
        }
    }

    private static JsonTypeInfo<T> GetTypeInfo<T>() => (JsonTypeInfo<T>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(T));
}
