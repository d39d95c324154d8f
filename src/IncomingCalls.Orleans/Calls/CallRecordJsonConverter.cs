using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Writes a record around the core's own form of the call.</summary>
internal sealed class CallRecordJsonConverter : JsonConverter<CallRecord>
{
    public override CallRecord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
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
                    // Of a later version that this one can read all the same.
                    reader.Skip();
                    break;
            }
        }

        return new() { Call = call, DeadLetters = deadLetters, Bucket = bucket, Ticket = ticket };
    }

    public override void Write(Utf8JsonWriter writer, CallRecord value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Call is { } call)
        {
            writer.WritePropertyName("call"u8);
            CoreForm<KeptCall>.Write(writer, call);
        }

        if (value.DeadLetters.Count > 0)
        {
            writer.WriteStartArray("deadLetters"u8);
            foreach (var letter in value.DeadLetters)
            {
                CoreForm<DeadEvent>.Write(writer, letter);
            }

            writer.WriteEndArray();
        }

        if (value.Bucket is { } bucket)
        {
            writer.WriteNumber("bucket"u8, bucket);
        }

        writer.WriteNumber("ticket"u8, value.Ticket);
        writer.WriteEndObject();
    }
}
