namespace IncomingCalls.Tests.Wire;

public class ChatIdTests
{
    [Theory]
    [InlineData("70000000101@c.us", ChatIdKind.Phone, "+70000000101")]
    [InlineData("70000000101@C.US", ChatIdKind.Phone, "+70000000101")]
    [InlineData("0@c.us", ChatIdKind.Phone, null)]
    [InlineData("1234567890123456@c.us", ChatIdKind.Phone, null)]
    [InlineData("7000x000101@c.us", ChatIdKind.Phone, null)]
    [InlineData("100000000000001@lid", ChatIdKind.Lid, null)]
    [InlineData("120363000000000001@g.us", ChatIdKind.Group, null)]
    [InlineData("-10000000000001", ChatIdKind.Group, null)]
    [InlineData("10000001", ChatIdKind.Account, null)]
    [InlineData("status@broadcast", ChatIdKind.Unknown, null)]
    [InlineData("-", ChatIdKind.Unknown, null)]
    public void Parse_EachFormat_ReturnsKindAndPhone(string text, ChatIdKind kind, string? phone)
    {
        var id = ChatId.Parse(text);

        id.Kind.Should().Be(kind);
        id.PhoneNumber.Should().Be(phone);
        id.Value.Should().Be(text);
    }

    [Theory]
    [InlineData("70000000101:1@c.us", "70000000101@c.us")]
    [InlineData("70000000101:12@c.us", "70000000101@c.us")]
    [InlineData("100000000000001:3@lid", "100000000000001@lid")]
    [InlineData("70000000101:@c.us", "70000000101:@c.us")]
    [InlineData("70000000101:x@c.us", "70000000101:x@c.us")]
    [InlineData("70000000101:1", "70000000101:1")]
    public void Parse_DeviceOfAnAccount_IsTheAccount(string text, string expected)
    {
        ChatId.Parse(text).Value.Should().Be(expected);
        ChatId.Parse(text).Should().Be(ChatId.Parse(expected));
    }

    [Theory]
    [InlineData("70000000101@c.us", "•••••••0101@c.us")]
    [InlineData("70000000107-1581230000@g.us", "•••••••••••-••••••0000@g.us")]
    [InlineData("10000001", "••••0001")]
    [InlineData("12", "•2")]
    [InlineData("status@broadcast", "status@broadcast")]
    public void ToString_Always_IsMasked(string text, string masked)
    {
        ChatId.Parse(text).ToString().Should().Be(masked);
        $"{ChatId.Parse(text)}".Should().Be(masked);
    }

    [Fact]
    public void ToString_FormatF_IsFull() => $"{ChatId.Parse("70000000101@c.us"):F}".Should().Be("70000000101@c.us");

    [Fact]
    public void ToString_UnknownFormat_ThrowsWithTheValidFormats()
    {
        var format = () => ChatId.Parse("1").ToString("X");

        format.Should().Throw<FormatException>().WithMessage("*\"F\"*");
    }

    [Fact]
    public void Parse_MaskedId_ThrowsWithTheReason()
    {
        var parse = () => ChatId.Parse(ChatId.Parse("70000000101@c.us").ToString());

        parse.Should().Throw<FormatException>().WithMessage("*masked*Value*");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Parse_Blank_Throws(string text) =>
        FluentActions.Invoking(() => ChatId.Parse(text)).Should().Throw<FormatException>().WithMessage("*empty*");

    [Fact]
    public void Default_HasAnEmptyValue()
    {
        default(ChatId).Value.Should().BeEmpty();
        default(ChatId).ToString().Should().BeEmpty();
        default(ChatId).Kind.Should().Be(ChatIdKind.Unknown);
    }
}
