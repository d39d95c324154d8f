using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;

namespace IncomingCalls;

/// <summary>How the models are written as JSON.</summary>
public static class IncomingCallsJson
{
    /// <summary>
    /// Read-only options, source-generated underneath. An <see cref="IncomingCallNotification"/> is the gateway's wire form; a
    /// <see cref="ChatId"/> is its full text; enums are their names; everything else is camelCase.
    /// </summary>
    public static JsonSerializerOptions DefaultOptions { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(IncomingCallsJsonContext.Default.Options);
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>The generated metadata behind <see cref="IncomingCallsJson"/>.</summary>
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
[JsonSerializable(typeof(DeadLetterEntry))]
[JsonSerializable(typeof(ChatRecord))]
[JsonSerializable(typeof(OperatorAlert))]
internal sealed partial class IncomingCallsJsonContext : JsonSerializerContext;
