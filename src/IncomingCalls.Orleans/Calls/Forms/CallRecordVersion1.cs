using System.Text.Json;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Reads what version 1 of the storage holds: a record around the core's own form of the call.</summary>
internal static class CallRecordVersion1
{
    public static CallRecord Read(ref Utf8JsonReader reader)
    {
        KeptCall? call = null;
        List<DeadEvent> deadLetters = [];
        int? bucket = null;
        var ticket = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "call":
                    call = CoreForm<KeptCall>.Read(ref reader);
                    break;
                case "deadLetters":
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    {
                        deadLetters.Add(CoreForm<DeadEvent>.Read(ref reader));
                    }

                    break;
                case "bucket":
                    bucket = reader.GetInt32();
                    break;
                case "ticket":
                    ticket = reader.GetInt64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new() { Call = call, DeadLetters = deadLetters, Bucket = bucket, Ticket = ticket };
    }
}
