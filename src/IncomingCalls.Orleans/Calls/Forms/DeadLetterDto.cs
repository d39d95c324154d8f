using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A dead letter on its way to the shelf, as the core writes it: there are few.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class DeadLetterDto(DeadLetterEntry letter)
{
    public DeadLetterEntry Entry => letter;

    internal sealed class Converter : JsonConverter<DeadLetterDto>
    {
        public override DeadLetterDto Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(CoreJsonSerializer<DeadLetterEntry>.Deserialize(ref reader));

        public override void Write(Utf8JsonWriter writer, DeadLetterDto value, JsonSerializerOptions options) => CoreJsonSerializer<DeadLetterEntry>.Serialize(writer, value.Entry);
    }
}
