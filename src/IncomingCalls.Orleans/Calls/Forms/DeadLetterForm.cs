using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A dead letter on its way to the shelf, as the core writes it: there are few.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class DeadLetterForm(DeadEvent letter)
{
    public DeadEvent Letter => letter;

    internal sealed class Converter : JsonConverter<DeadLetterForm>
    {
        public override DeadLetterForm Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(CoreForm<DeadEvent>.Read(ref reader));

        public override void Write(Utf8JsonWriter writer, DeadLetterForm value, JsonSerializerOptions options) => CoreForm<DeadEvent>.Write(writer, value.Letter);
    }
}
