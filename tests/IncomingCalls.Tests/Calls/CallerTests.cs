using System.Text.Json;

namespace IncomingCalls.Tests.Calls;

/// <summary>The display name of a caller: the name, otherwise the phone number, otherwise the id.</summary>
public class CallerTests
{
    [Theory]
    [InlineData("70000000101@c.us", "Ivan", "Ivan")]
    [InlineData("70000000101@c.us", " Ivan\n", "Ivan")]
    [InlineData("70000000101@c.us", null, "+70000000101")]
    [InlineData("70000000101@c.us", "", "+70000000101")]
    [InlineData("70000000101@c.us", " \u00a0\t", "+70000000101")]
    [InlineData("70000000101@c.us", "\u3164", "+70000000101")]
    [InlineData("70000000101@c.us", "\u2800\u2800", "+70000000101")]
    [InlineData("70000000101@c.us", "\u200b\u200d\u2060\ufeff", "+70000000101")]
    [InlineData("70000000101@c.us", "\u0000\u001b\u202e", "+70000000101")]
    [InlineData("70000000101@c.us", "\ufe0f\u115f \u1160\uffa0", "+70000000101")]
    [InlineData("70000000101@c.us", "\U000e0041", "+70000000101")]
    [InlineData("70000000101@c.us", "\u200dIvan\u3164", "\u200dIvan\u3164")]
    [InlineData("70000000101@c.us", "\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469")]
    [InlineData("70000000101@c.us", "*", "*")]
    [InlineData("70000000101@C.US", null, "+70000000101")]
    [InlineData("0@c.us", null, "0@c.us")]
    [InlineData("100000000000001@lid", null, "100000000000001@lid")]
    [InlineData("70000000101@LID", "  ", "70000000101@LID")]
    [InlineData("100000000000001@lid", "Ivan", "Ivan")]
    [InlineData("120363000000000001@g.us", null, "120363000000000001@g.us")]
    [InlineData("10000001", null, "10000001")]
    [InlineData("10000001", "Anna", "Anna")]
    [InlineData("-10000000000001", null, "-10000000000001")]
    [InlineData("something@new", null, "something@new")]
    public void DisplayName_IsNameThenNumberThenId(string chatId, string? name, string shown) =>
        new Caller { ChatId = ChatId.Parse(chatId), Name = name }.DisplayName.Should().Be(shown);

    [Theory]
    [InlineData(null, "")]
    [InlineData(" ", "")]
    [InlineData("Ivan", "Ivan")]
    public void DisplayName_NoChatId_IsNameOrEmpty(string? name, string shown) =>
        new Caller { Name = name }.DisplayName.Should().Be(shown);

    [Theory]
    [InlineData("100000000000001@lid", "+70000000101", "+70000000101")]
    [InlineData("100000000000001@lid", " 70000000101 ", "+70000000101")]
    [InlineData("100000000000001@lid", "hidden", null)]
    [InlineData("100000000000001@lid", "+0", null)]
    [InlineData("100000000000001@lid", "", null)]
    [InlineData("100000000000001@lid", null, null)]
    [InlineData("10000001", "+70000000101", "+70000000101")]
    [InlineData("70000000101@c.us", null, "+70000000101")]
    [InlineData("70000000101@c.us", "+70000000102", "+70000000101")]
    public void PhoneNumber_IsThatOfTheChatIdOrTheFoundOne(string chatId, string? found, string? expected) =>
        new Caller { ChatId = ChatId.Parse(chatId), PhoneNumber = found }.PhoneNumber.Should().Be(expected);

    [Fact]
    public void DisplayName_PhoneNumberFound_IsNameThenNumber()
    {
        var caller = new Caller { ChatId = ChatId.Parse("100000000000001@lid"), PhoneNumber = "+70000000101" };

        caller.DisplayName.Should().Be("+70000000101");
        (caller with { Name = "Ivan" }).DisplayName.Should().Be("Ivan");
        caller.ToString().Should().Be("•••••••••••0001@lid");
    }

    [Theory]
    [InlineData("70000000101@c.us", null)]
    [InlineData("100000000000001@lid", "+70000000101")]
    [InlineData("100000000000001@lid", null)]
    public void Json_RoundTrip_IsEqual(string chatId, string? phoneNumber)
    {
        var caller = new Caller { ChatId = ChatId.Parse(chatId), Name = "Ivan", NameSource = "crm", PhoneNumber = phoneNumber };

        JsonSerializer.Deserialize<Caller>(JsonSerializer.Serialize(caller, IncomingCallsJson.DefaultOptions), IncomingCallsJson.DefaultOptions).Should().Be(caller);
    }

    [Theory]
    [InlineData("100000000000001@lid")]
    [InlineData("70000000101@lid")]
    [InlineData("70000000101@Lid")]
    public void ChatId_LinkedId_HasNoPhoneNumber(string chatId) =>
        ChatId.Parse(chatId).PhoneNumber.Should().BeNull();
}
