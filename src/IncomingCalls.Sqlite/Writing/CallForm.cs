using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>How calls are written: whole while there is something to do, in a few words afterwards.</summary>
internal static class CallForm
{
    private static readonly JsonTypeInfo<KeptCall> Whole = (JsonTypeInfo<KeptCall>)IncomingCallsJson.DefaultOptions.GetTypeInfo(typeof(KeptCall));

    public static byte[] Write(KeptCall call) => JsonSerializer.SerializeToUtf8Bytes(call, Whole);

    public static KeptCall Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, Whole)!;

    public static byte[] WriteFacts(CallHistory history) => JsonSerializer.SerializeToUtf8Bytes(
        new FactsForm { Alert = history.HasAlert, Facts = [.. history.Facts.Select(FactForm.Of)] }, CallFormContext.Default.FactsForm);

    public static KeptCall ReadFacts(CallKey key, byte[] bytes, long touchedAt)
    {
        var form = JsonSerializer.Deserialize(bytes, CallFormContext.Default.FactsForm)!;
        return new()
        {
            History = new() { Key = key, Facts = [.. form.Facts.Select(fact => fact.ToFact())], HasAlert = form.Alert },
            TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(touchedAt),
        };
    }
}
