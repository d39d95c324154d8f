using System.Text;
using System.Text.Json;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Wire;

public class NotificationReaderTests
{
    private const string Instance = """ "instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"} """;

    [Theory]
    [InlineData("HUNGUP", CallStatus.HungUp)]
    [InlineData("HangUp", CallStatus.HungUp)]
    [InlineData("PICKUP", CallStatus.PickUp)]
    [InlineData("Offer", CallStatus.Offer)]
    [InlineData("offers", CallStatus.Unknown)]
    [InlineData("", CallStatus.Unspecified)]
    public void Read_StatusInAnyCase_IsRecognizedAndItsTextPreserved(string text, CallStatus expected)
    {
        var call = Read($$"""{"typeWebhook":"incomingCall","idMessage":"A","status":"{{text}}",{{Instance}}}""").Call!;

        call.Status.Should().Be(expected);
        call.RawStatus.Should().Be(text.Length == 0 ? null : text);
    }

    [Fact]
    public void Read_StatusNull_IsUnspecified() =>
        Read($$"""{"typeWebhook":"incomingCall","idMessage":"A","status":null,"from":null,"timestamp":null,"isVideo":null,"participants":null,{{Instance}}}""")
            .Call!.Status.Should().Be(CallStatus.Unspecified);

    [Fact]
    public void Read_TypeLast_IsRead() =>
        Read($$"""{"idMessage":"A","status":"offer",{{Instance}},"body":7,"typeWebhook":"incomingCall"}""").Kind.Should().Be(NotificationKind.IncomingCall);

    [Fact]
    public void Read_DuplicateKeys_LastWins()
    {
        var call = Read($$"""{"typeWebhook":"x","typeWebhook":"incomingCall","status":"offer","status":"pickUp","idMessage":"A","idMessage":"B","instanceData":{"idInstance":5},{{Instance}}}""").Call!;

        call.IdMessage.Should().Be("B");
        call.Status.Should().Be(CallStatus.PickUp);
        call.Instance.IdInstance.Should().Be(1101000001);
    }

    [Fact]
    public void Read_EscapedNamesAndValues_AreUnescaped()
    {
        var call = Read($$"""{"type\u0057ebhook":"incoming\u0043all","id\u004dessage":"\u0041","status":"off\u0065r",{{Instance}}}""").Call!;

        call.IdMessage.Should().Be("A");
        call.Status.Should().Be(CallStatus.Offer);
    }

    [Fact]
    public void Read_NumbersInsteadOfTexts_PreserveTheirDigits()
    {
        var call = Read($$"""{"typeWebhook":"incomingCall","idMessage":115000000000000001,"from":10000001,{{Instance}}}""").Call!;

        call.IdMessage.Should().Be("115000000000000001");
        call.From!.Value.Value.Should().Be("10000001");
    }

    [Fact]
    public void Read_ParticipantsUnderEitherKey_AreRead()
    {
        var call = Read($$"""{"typeWebhook":"incomingCall","idMessage":"A",{{Instance}},"participants":[{"id":"1@c.us","status":"hungUp"},7,{"wid":"2@lid","x":{"y":[1] } },{"status":"offer"}]}""").Call!;

        call.Participants.Select(p => (p.Id.Value, p.Status)).Should().Equal(("1@c.us", CallStatus.HungUp), ("2@lid", CallStatus.Unspecified));
    }

    [Fact]
    public void Read_OtherTypeWithBodyProperty_IsNotAPolledPayload() =>
        Read("""{"typeWebhook":"incomingMessageReceived","body":{"typeWebhook":"incomingCall"}}""").Type.Should().Be("incomingMessageReceived");

    [Theory]
    [InlineData("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1}}""", "idMessage")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A"}""", "idInstance")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":0}}""", "idInstance")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":1.5}}""", "idInstance")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":99999999999999999999}}""", "idInstance")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A\u0000","instanceData":{"idInstance":1}}""", "idMessage")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","from":"70000000101\u0007@c.us","instanceData":{"idInstance":1}}""", "from")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","from":"\udc00","instanceData":{"idInstance":1}}""", "from")]
    [InlineData("""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":1,"wid":"\udc00"}}""", "instanceData")]
    public void Read_CallWithoutRequiredProperty_IsUnreadableWithAReason(string json, string named)
    {
        var reading = Read(json);

        reading.Kind.Should().Be(NotificationKind.NotUnderstood);
        reading.Reason.Should().Contain(named);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"typeWebhook":7}""")]
    [InlineData("""{"typeWebhook":null}""")]
    [InlineData("""{"typeWebhook":{"a":1}}""")]
    [InlineData("""{"typeWebhook":""}""")]
    [InlineData("""{"typeWebhook":"incomingCall","x":}""")]
    [InlineData("""{"typeWebhook":"somethingNew","x":[1,2}""")]
    [InlineData("""{"receiptId":5,"body":null}""")]
    public void Read_NoNotification_HasAReason(string json)
    {
        var reading = Read(json);

        reading.Kind.Should().Be(NotificationKind.NotANotification);
        reading.Reason.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("""{"receiptId":5,"body":null}""")]
    [InlineData("""{"receiptId":"5","body":{"no":"type"}}""")]
    [InlineData("""{"receiptId":5,"body":{"typeWebhook":"incomingCall",""")]
    public void Read_UnreadableBodyAfterReceipt_ReturnsTheReceiptId(string json) => Read(json).ReceiptId.Should().Be(5);

    [Fact]
    public void Read_MebibyteOfBrackets_IsNoNotification()
    {
        Read(new string('[', 1 << 20)).Kind.Should().Be(NotificationKind.NotANotification);
        Read("{\"a\":" + new string('[', 1 << 20)).Kind.Should().Be(NotificationKind.NotANotification);
    }

    [Fact]
    public void Read_DeeplyNestedOtherType_IsOtherType()
    {
        const int depth = 100_000;
        var json = "{\"typeWebhook\":\"incomingMessageReceived\",\"a\":" + new string('[', depth) + new string(']', depth) + "}";

        Read(json).Kind.Should().Be(NotificationKind.OtherType);
    }

    [Fact]
    public void Read_DeeplyNestedBodies_DoNotOverflowTheStack()
    {
        const int depth = 100_000;
        var json = "{\"receiptId\":5," + string.Concat(Enumerable.Repeat("\"body\":{", depth)) + new string('}', depth + 1);

        Read(json).ReceiptId.Should().Be(5);
    }

    [Fact]
    public void Read_TextOfAMebibyte_IsUnreadableAndNotEchoed()
    {
        var huge = new string('a', 1 << 20);

        var reading = Read($$"""{"typeWebhook":"incomingCall","idMessage":"{{huge}}",{{Instance}}}""");

        reading.Kind.Should().Be(NotificationKind.NotUnderstood);
        reading.Reason!.Length.Should().BeLessThan(200);
    }

    [Fact]
    public void Read_InvalidUtf8_IsUnreadableInACallAndIgnoredInOtherTypes()
    {
        byte[] call = [.. """{"typeWebhook":"incomingCall","idMessage":"A"""u8, 0xff, .. "\","u8, .. Encoding.UTF8.GetBytes(Instance), .. "}"u8];
        byte[] otherType = [.. """{"typeWebhook":"somethingNew","text":" """u8, 0xff, .. "\"}"u8];

        NotificationReader.Read(call).Kind.Should().Be(NotificationKind.NotUnderstood);
        NotificationReader.Read(otherType).Kind.Should().Be(NotificationKind.OtherType);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("999999999999999999")]
    [InlineData("\"yesterday\"")]
    [InlineData("[1790000000]")]
    public void Read_InvalidTimestamp_IsNull(string timestamp)
    {
        var reading = Read($$"""{"typeWebhook":"incomingCall","idMessage":"A","timestamp":{{timestamp}},{{Instance}}}""");

        reading.Kind.Should().Be(NotificationKind.IncomingCall);
        reading.Call!.Timestamp.Should().BeNull();
    }

    [Fact]
    public void Read_RandomlyDamagedPayloads_NeverThrows()
    {
        var random = new Random(20261123);
        byte[][] bodies = [.. PayloadFiles.NamesIn("offered").Concat(PayloadFiles.NamesIn("polled")).Concat(PayloadFiles.NamesIn("foreign")).Concat(PayloadFiles.NamesIn("answered")).Select(PayloadFiles.Read)];
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = bodies[random.Next(bodies.Length)].ToArray();
            for (var hit = random.Next(1, 6); hit > 0; hit--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var cut = damaged.AsMemory(0, random.Next(damaged.Length + 1)).ToArray();
            FluentActions.Invoking(() => NotificationReader.Read(cut)).Should().NotThrow($"seed 20261123, round {i}");
        }
    }

    [Fact]
    public void Read_RandomDamage_IsRejectedExactlyWhereUtf8JsonReaderRejectsIt()
    {
        var random = new Random(20261124);
        byte[][] bodies = [.. PayloadFiles.NamesIn("offered").Concat(PayloadFiles.NamesIn("polled")).Concat(PayloadFiles.NamesIn("answered")).Select(PayloadFiles.Read)];
        byte[] likely = [.. """{}[]":,\ ue0123456789.-+tfn"""u8, (byte)'\n', 0, 0x7f, 0xff];
        for (var i = 0; i < 50_000; i++)
        {
            var damaged = bodies[random.Next(bodies.Length)].ToArray();
            damaged[random.Next(damaged.Length)] = likely[random.Next(likely.Length)];
            damaged[random.Next(damaged.Length)] = likely[random.Next(likely.Length)];

            var reading = NotificationReader.Read(damaged);

            var isRefused = reading.Reason is { } reason
                && (reason.StartsWith("The notification is not valid JSON", StringComparison.Ordinal) || reason == "The notification is not a JSON object.");
            isRefused.Should().Be(!IsObject(damaged), $"seed 20261124, round {i}: {Encoding.Latin1.GetString(damaged)}");
        }
    }

    private static bool IsObject(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // Read to the end, as the reader under test does.
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [Fact]
    public void Read_ByteOrderMark_IsIgnored()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($$"""{"receiptId":5,"body":{"typeWebhook":"incomingCall","idMessage":"A",{{Instance}} } }""")];

        var reading = NotificationReader.Read(json);

        reading.Should().BeEquivalentTo(new { Kind = NotificationKind.IncomingCall, ReceiptId = 5L, IdInstance = 1101000001L });
        JsonDocument.Parse(json.AsMemory()[reading.Body]).RootElement.GetProperty("idMessage").GetString().Should().Be("A");
    }

    [Fact]
    public void Read_ByteOrderMarkOfABareNotification_IsNotPartOfTheBody()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. "{\"typeWebhook\":\"stateInstanceChanged\"}"u8];

        json.AsSpan()[NotificationReader.Read(json).Body].ToArray().Should().StartWith("{"u8.ToArray());
    }

    [Theory]
    [InlineData("1101000001.0", "1790000000.0", "5.0")]
    [InlineData("1.101000001e9", "1.79E+9", "5e0")]
    [InlineData("\"1101000001.00\"", "\"1790000000.9\"", "\"5.0\"")]
    public void Read_NumbersThatARelayHasRewritten_AreRead(string idInstance, string timestamp, string receiptId)
    {
        var reading = Read($$$"""{"receiptId":{{{receiptId}}},"body":{"typeWebhook":"incomingCall","idMessage":"A","timestamp":{{{timestamp}}},"instanceData":{"idInstance":{{{idInstance}}} } } }""");

        reading.ReceiptId.Should().Be(5);
        reading.Call!.Instance.IdInstance.Should().Be(1101000001);
        reading.Call.Timestamp.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1790000000), "without it an old offer would ring");
    }

    [Theory]
    [InlineData("incoming\\udc00", "incoming\ufffd")]
    [InlineData("\\ud800xxxxxx", "\ufffdxxxxxx")]
    [InlineData("incoming\\u0000Call", "incomingCall")]
    public void Read_TypeThatIsNearlyIncomingCall_IsOtherType(string text, string type)
    {
        var reading = Read($$"""{"typeWebhook":"{{text}}","idMessage":"A",{{Instance}}}""");

        (reading.Kind, reading.Type).Should().Be((NotificationKind.OtherType, type));
    }

    [Theory]
    [InlineData("1101000001.5")]
    [InlineData("1e30")]
    [InlineData("-1.0")]
    [InlineData("\"1,101\"")]
    [InlineData("\" 1101000001\"")]
    public void Read_IdInstanceThatIsNoPositiveWholeNumber_IsNotUnderstood(string idInstance) =>
        Read($$$"""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{"idInstance":{{{idInstance}}} } }""").Kind.Should().Be(NotificationKind.NotUnderstood);

    [Theory]
    [InlineData("ring\\u0000ing", "ringing")]
    [InlineData("ring\\ud83d", "ring\ufffd")]
    [InlineData("\\u0000", "unknown")]
    public void Read_StatusThatNoStoreAccepts_IsReadWithoutTheCharactersAndDoesNotRing(string status, string text)
    {
        var call = Read($$"""{"typeWebhook":"incomingCall","idMessage":"A","status":"{{status}}",{{Instance}}}""").Call!;

        (call.RawStatus, call.Status).Should().Be((text, CallStatus.Unknown));
    }

    [Theory]
    [InlineData("""[{"typeWebhook":"incomingCall"}]""", "a JSON array")]
    [InlineData("\"{}\"", "a JSON text")]
    [InlineData("7", "a number")]
    [InlineData("null", "a literal")]
    [InlineData("""{"receiptId":5,"body":"{\"typeWebhook\":\"incomingCall\"}"}""", "The value of body is a text")]
    public void Read_NotificationThatARelayHasWrapped_SaysWhatWasFoundAndWhatIsExpected(string json, string found)
    {
        var reading = Read(json);

        reading.Kind.Should().Be(NotificationKind.NotANotification);
        reading.Reason.Should().Contain(found).And.Contain("Expected is the JSON object");
    }

    private static NotificationReading Read(string json) => NotificationReader.Read(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("""{"code":1}""", "{")]
    [InlineData("[\"offer\"]", "[")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("7", "7")]
    public void Read_StatusThatIsNoText_IsUnknownAndNoOffer(string status, string text)
    {
        var call = Read($$"""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1},"idMessage":"A","status":{{status}},"from":"1@c.us"}""").Call!;

        call.Status.Should().Be(CallStatus.Unknown);
        call.RawStatus.Should().Be(text);
        call.From.Should().NotBeNull("what follows is read as well");
    }

    [Fact]
    public void Read_TimestampInMilliseconds_IsTruncatedToSeconds() =>
        Read("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":1},"idMessage":"A","timestamp":1790000000999}""")
            .Timestamp.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1790000000));
}
