using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Wire;

public class NotificationReaderGoldenTests
{
    public static TheoryData<string, CallStatus, string?, string?, ChatIdKind, string?> Calls => new()
    {
        { "offered/e01-documented-offer", CallStatus.Offer, "offer", "70000000101@c.us", ChatIdKind.Phone, "+70000000101" },
        { "answered/e02-documented-pick-up", CallStatus.PickUp, "pickUp", "70000000101@c.us", ChatIdKind.Phone, "+70000000101" },
        { "dropped/e03-hung-up", CallStatus.HungUp, "hungUp", "70000000102@c.us", ChatIdKind.Phone, "+70000000102" },
        { "dropped/e04-hang-up-older-spelling", CallStatus.HungUp, "hangUp", "70000000103@c.us", ChatIdKind.Phone, "+70000000103" },
        { "missed/e05-declined", CallStatus.Declined, "declined", "70000000104@c.us", ChatIdKind.Phone, "+70000000104" },
        { "missed/e06-missed-deprecated", CallStatus.Missed, "missed", "70000000105@c.us", ChatIdKind.Phone, "+70000000105" },
        { "unspecified/e07-no-status", CallStatus.Unspecified, null, "70000000106@c.us", ChatIdKind.Phone, "+70000000106" },
        { "offered/e08-lid", CallStatus.Offer, "offer", "100000000000001@lid", ChatIdKind.Lid, null },
        { "offered/e09-group", CallStatus.Offer, "offer", "120363000000000001@g.us", ChatIdKind.Group, null },
        { "missed/e10-group-older-id", CallStatus.Declined, "declined", "70000000107-1581230000@g.us", ChatIdKind.Group, null },
        { "answered/e11-video-duration-participants", CallStatus.PickUp, "pickUp", "70000000108@c.us", ChatIdKind.Phone, "+70000000108" },
        { "missed/e12-from-is-own-account", CallStatus.Declined, "declined", "70000000001@c.us", ChatIdKind.Phone, "+70000000001" },
        { "offered/e13-max", CallStatus.Offer, "offer", "10000001", ChatIdKind.Account, null },
        { "missed/e14-max-group", CallStatus.Declined, "declined", "-10000000000001", ChatIdKind.Group, null },
        { "offered/e15-telegram", CallStatus.Offer, "offer", "500000001", ChatIdKind.Account, null },
        { "unrecognized/e16-status-of-tomorrow", CallStatus.Unknown, "transferred", "70000000110@c.us", ChatIdKind.Phone, "+70000000110" },
        { "offered/e17-no-from-numbers-as-text", CallStatus.Offer, "offer", null, ChatIdKind.Unknown, null },
        { "offered/e18-own-call", CallStatus.Offer, "offer", "70000000001@c.us", ChatIdKind.Phone, "+70000000001" },
        { "polled/e19-offer", CallStatus.Offer, "offer", "70000000101@c.us", ChatIdKind.Phone, "+70000000101" },
        { "polled/e20-receipt-id-beyond-int32", CallStatus.Declined, "declined", "70000000111@c.us", ChatIdKind.Phone, "+70000000111" },
        { "outgoing/e22-outgoing-private", CallStatus.PickUp, "pickUp", "70000000112@c.us", ChatIdKind.Phone, "+70000000112" },
        { "outgoing/e23-outgoing-group", CallStatus.HungUp, "hungUp", "120363000000000002@g.us", ChatIdKind.Group, null },
        { "outgoing/e24-outgoing-invalid", CallStatus.Invalid, "invalid", "70000000000@c.us", ChatIdKind.Phone, "+70000000000" },
    };

    public static TheoryData<string, string, string?, long?> OtherTypes => new()
    {
        { "foreign/e25-quota-exceeded", "quotaExceeded", null, null },
        { "foreign/e26-outgoing-message-status", "outgoingMessageStatus", "CCCC0000000000000001", 1790001800 },
        { "foreign/e27-state-instance-changed", "stateInstanceChanged", null, 1790001900 },
        { "foreign/e28-type-of-tomorrow", "somethingNew", null, null },
    };

    public static TheoryData<string> ApiAnswers => [.. PayloadFiles.NamesIn("answers")];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Read_CallNotification_ReturnsStatusAndCaller(
        string name, CallStatus status, string? rawStatus, string? from, ChatIdKind kind, string? phone)
    {
        var reading = NotificationReader.Read(PayloadFiles.Read(name));

        reading.Kind.Should().Be(NotificationKind.IncomingCall);
        reading.Reason.Should().BeNull();
        reading.Call!.Direction.Should().Be(name.StartsWith("outgoing/", StringComparison.Ordinal) ? CallDirection.Outgoing : CallDirection.Incoming);
        reading.Call.Status.Should().Be(status);
        reading.Call.RawStatus.Should().Be(rawStatus);
        (reading.Call.From?.Value).Should().Be(from);
        (reading.Call.From?.Kind ?? ChatIdKind.Unknown).Should().Be(kind);
        (reading.Call.From?.PhoneNumber).Should().Be(phone);
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public void Read_OtherType_IsOtherType(string name, string type, string? idMessage, long? timestamp)
    {
        var reading = NotificationReader.Read(PayloadFiles.Read(name));

        reading.Kind.Should().Be(NotificationKind.OtherType);
        reading.Call.Should().BeNull();
        reading.Type.Should().Be(type);
        reading.IdInstance.Should().Be(1101000001);
        reading.IdMessage.Should().Be(idMessage);
        (reading.Timestamp?.ToUnixTimeSeconds()).Should().Be(timestamp);
    }

    [Theory]
    [MemberData(nameof(ApiAnswers))]
    public void Read_AnswerOfTheApi_IsNoNotification(string name)
    {
        var reading = NotificationReader.Read(PayloadFiles.Read(name));

        reading.Kind.Should().Be(NotificationKind.NotANotification);
        reading.Reason.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Read_OutgoingCall_ReturnsItsDurationAndParticipants()
    {
        var call = NotificationReader.Read(PayloadFiles.Read("outgoing/e23-outgoing-group")).Call!;

        (call.IsVideo, call.Duration, call.IdMessage).Should().Be((true, TimeSpan.Zero, "BBBB0000000000000000000000000002"));
        call.Participants.Select(participant => (participant.Id.PhoneNumber, participant.Status)).Should().Equal(("+70000000113", CallStatus.HungUp), ("+70000000114", CallStatus.HungUp));
    }

    [Fact]
    public void Read_EveryPayload_HasAnExpectation()
    {
        string[] covered = [.. Calls.Concat(OtherTypes).Concat(ApiAnswers).Select(row => (string)row[0])];

        string[] folders = ["offered", "answered", "dropped", "missed", "unspecified", "unrecognized", "polled", "outgoing", "foreign", "answers"];
        covered.Should().BeEquivalentTo(folders.SelectMany(PayloadFiles.NamesIn));
    }

    [Fact]
    public void Read_DocumentedOffer_ReturnsInstanceAndTime()
    {
        var call = NotificationReader.Read(PayloadFiles.Read("offered/e01-documented-offer")).Call!;

        call.IdMessage.Should().Be("AAAA0000000000000000000000000001");
        call.Instance.IdInstance.Should().Be(1101000001);
        call.Instance.Wid!.Value.Value.Should().Be("70000000001@c.us");
        call.Instance.TypeInstance.Should().Be("whatsapp");
        call.Timestamp.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1790000000));
        call.IsVideo.Should().BeNull();
        call.Duration.Should().BeNull();
        call.Participants.Should().BeEmpty();
        call.IsFromSelf.Should().BeFalse();
    }

    [Fact]
    public void Read_FieldsOf2026_ReturnsVideoDurationAndParticipants()
    {
        var call = NotificationReader.Read(PayloadFiles.Read("answered/e11-video-duration-participants")).Call!;

        call.IsVideo.Should().BeTrue();
        call.Duration.Should().Be(TimeSpan.FromSeconds(42));
        call.Participants.Should().ContainSingle().Which.Status.Should().Be(CallStatus.PickUp);
        call.Participants[0].Id.Value.Should().Be("70000000108@c.us");
    }

    [Fact]
    public void Read_OwnCall_IsFromSelf() =>
        NotificationReader.Read(PayloadFiles.Read("offered/e18-own-call")).Call!.IsFromSelf.Should().BeTrue();

    [Fact]
    public void Read_NumbersAsText_AreNumbers()
    {
        var call = NotificationReader.Read(PayloadFiles.Read("offered/e17-no-from-numbers-as-text")).Call!;

        call.Instance.IdInstance.Should().Be(1101000001);
        call.Timestamp!.Value.ToUnixTimeSeconds().Should().Be(1790001200);
    }

    [Fact]
    public void Read_EmptyWidAndTwelveDigits_AreAccepted()
    {
        var call = NotificationReader.Read(PayloadFiles.Read("unrecognized/e16-status-of-tomorrow")).Call!;

        call.Instance.Wid.Should().BeNull();
        call.Instance.IdInstance.Should().Be(110100000001);
    }

    [Theory]
    [InlineData("polled/e19-offer", 1000001)]
    [InlineData("polled/e20-receipt-id-beyond-int32", 5000000001)]
    public void Read_PolledPayload_ReturnsReceiptIdAndBodyRange(string name, long receiptId)
    {
        var bytes = PayloadFiles.Read(name);

        var reading = NotificationReader.Read(bytes);

        reading.ReceiptId.Should().Be(receiptId);
        NotificationReader.Read(bytes.AsSpan()[reading.Body]).Call.Should().Be(reading.Call);
    }
}
