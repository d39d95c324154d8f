using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;
using IncomingCalls.Serialization;

namespace IncomingCalls;

/// <summary>The JSON serialization of the models.</summary>
public static class IncomingCallsJson
{
    /// <summary>
    /// Gets the serializer options, which are read-only and source-generated. An <see cref="IncomingCallNotification"/> is serialized in the
    /// gateway's wire format, a <see cref="ChatId"/> as its full text, enums as their names, and everything else in camelCase.
    /// </summary>
    public static JsonSerializerOptions DefaultOptions { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(IncomingCallsJsonContext.Default.Options) { Converters = { new StoredCallEventJsonConverter() } };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>The source-generated metadata of <see cref="IncomingCallsJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IncomingCallNotification))]
[JsonSerializable(typeof(ChatId))]
[JsonSerializable(typeof(Call))]
[JsonSerializable(typeof(CallEvent))]
[JsonSerializable(typeof(CallHistory))]
[JsonSerializable(typeof(StoredCallEvent))]
[JsonSerializable(typeof(CallState))]
[JsonSerializable(typeof(ReceivedCallNotification))]
[JsonSerializable(typeof(CallerNameQuery))]
[JsonSerializable(typeof(CallerName))]
[JsonSerializable(typeof(MissingOutcome))]
[JsonSerializable(typeof(OutcomeResolution))]
[JsonSerializable(typeof(CallerNumber))]
[JsonSerializable(typeof(DeadLetterEntry))]
[JsonSerializable(typeof(AdministrationLogEntry))]
[JsonSerializable(typeof(ErasureReport))]
[JsonSerializable(typeof(DestinationPause))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(PersonContact))]
[JsonSerializable(typeof(PersonState))]
[JsonSerializable(typeof(OpenCallback))]
[JsonSerializable(typeof(ClosedCallback))]
[JsonSerializable(typeof(ChatRecord))]
[JsonSerializable(typeof(OperatorAlert))]
internal sealed partial class IncomingCallsJsonContext : JsonSerializerContext;
