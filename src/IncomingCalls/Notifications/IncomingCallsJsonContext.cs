using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

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
