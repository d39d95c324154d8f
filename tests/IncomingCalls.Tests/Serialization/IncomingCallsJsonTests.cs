using System.Text;
using System.Text.Json;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Serialization;

public class IncomingCallsJsonTests
{
    private static readonly string[] Folders = ["offered", "answered", "dropped", "missed", "unspecified", "unrecognized", "outgoing"];

    public static TheoryData<string> Calls => [.. Folders.SelectMany(PayloadFiles.NamesIn)];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Serialize_ThenDeserialize_RoundTrips(string name)
    {
        var call = NotificationReader.Read(PayloadFiles.Read(name)).Call!;

        var json = JsonSerializer.Serialize(call, IncomingCallsJson.DefaultOptions);

        JsonSerializer.Deserialize<IncomingCallNotification>(json, IncomingCallsJson.DefaultOptions).Should().Be(call);
        NotificationReader.Read(Encoding.UTF8.GetBytes(json)).Call.Should().Be(call);
    }

    [Theory]
    [InlineData("offered/e01-documented-offer")]
    [InlineData("answered/e02-documented-pick-up")]
    [InlineData("missed/e05-declined")]
    public void Serialize_DocumentedPayload_IsUnchanged(string name)
    {
        var body = PayloadFiles.Read(name);

        JsonSerializer.Serialize(NotificationReader.Read(body).Call, IncomingCallsJson.DefaultOptions)
            .Should().Be(Encoding.UTF8.GetString(body).Trim());
    }

    [Fact]
    public void Serialize_ConstructedNotification_WritesTheDocumentedStatus()
    {
        var made = new IncomingCallNotification { IdMessage = "A", Instance = new() { IdInstance = 5 }, Status = CallStatus.HungUp };

        var json = JsonSerializer.Serialize(made, IncomingCallsJson.DefaultOptions);

        json.Should().Be("""{"typeWebhook":"incomingCall","instanceData":{"idInstance":5},"status":"hungUp","idMessage":"A"}""");
    }

    [Fact]
    public void Deserialize_OtherType_ThrowsWithItsType()
    {
        var deserialize = () => JsonSerializer.Deserialize<IncomingCallNotification>("""{"typeWebhook":"quotaExceeded"}""", IncomingCallsJson.DefaultOptions);

        deserialize.Should().Throw<JsonException>().WithMessage("*quotaExceeded*");
    }

    [Fact]
    public void DefaultOptions_AreReadOnly() => IncomingCallsJson.DefaultOptions.IsReadOnly.Should().BeTrue();

    [Fact]
    public void Serialize_CallEvent_WritesTheFullChatIdAndNamesOfEnums()
    {
        var id = ChatId.Parse("70000000101@c.us");
        var made = new CallEvent
        {
            Id = "5/A/Offered",
            Kind = CallEventKind.Offered,
            Call = new() { Key = new(5, "A"), Caller = new() { ChatId = id } },
            OccurredAt = DateTimeOffset.UnixEpoch,
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Decision = CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true),
        };

        var json = JsonSerializer.Serialize(made, IncomingCallsJson.DefaultOptions);
        var back = JsonSerializer.Deserialize<CallEvent>(json, IncomingCallsJson.DefaultOptions)!;

        json.Should().Contain("\"70000000101@c.us\"").And.Contain("\"Offered\"");
        back.Caller.ChatId.Should().Be(id);
        back.Call.Key.Should().Be(new CallKey(5, "A"));
        back.Decision.Should().Be(made.Decision);
    }
}
