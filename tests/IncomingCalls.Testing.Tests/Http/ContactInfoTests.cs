using System.Net;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public class ContactInfoTests
{
    private static readonly string[] WhatsAppShape =
    [
        "avatar", "name", "contactName", "chatId", "lastSeen", "email", "category", "description", "products",
        "isArchive", "isDisappearing", "isMute", "messageExpiration", "muteExpiration", "isBusiness",
    ];

    [Fact]
    public async Task Contact_Known_HasBothNames()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts["70000000101@c.us"] = new() { Name = "vanya", ContactName = "Ivan (office)" };

        var contact = await GatewayFixture.ReadJsonAsync(await gateway.GetContactInfoAsync("70000000101@c.us"));

        contact.GetProperty("name").GetString().Should().Be("vanya");
        contact.GetProperty("contactName").GetString().Should().Be("Ivan (office)");
        contact.GetProperty("chatId").GetString().Should().Be("70000000101@c.us");
        contact.EnumerateObject().Select(property => property.Name).Should().Equal(WhatsAppShape);
    }

    [Fact]
    public async Task Contact_Unknown_HasEmptyNames()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var contact = await GatewayFixture.ReadJsonAsync(await gateway.GetContactInfoAsync("70000000199@c.us"));

        contact.GetProperty("name").GetString().Should().BeEmpty();
        contact.GetProperty("contactName").GetString().Should().BeEmpty();
    }

    [Theory]
    [InlineData("v3")]
    [InlineData("telegram")]
    public async Task Contact_OtherMessenger_HasAPhoneNumber(string typeInstance)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);
        gateway.Instance.Contacts["10000001"] = new() { Name = "Anna", PhoneNumber = 70000000116 };

        var contact = await GatewayFixture.ReadJsonAsync(await gateway.GetContactInfoAsync("10000001"));

        contact.EnumerateObject().Select(property => property.Name)
            .Should().Equal("avatar", "name", "contactName", "chatId", "lastSeen", "phoneNumber");
        contact.GetProperty("phoneNumber").GetInt64().Should().Be(70000000116);
    }

    [Theory]
    [InlineData("v3", JsonValueKind.Null)]
    [InlineData("telegram", JsonValueKind.Number)]
    public async Task Contact_OtherMessenger_HasLastSeenAsDocumented(string typeInstance, JsonValueKind kind)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);

        var contact = await GatewayFixture.ReadJsonAsync(await gateway.GetContactInfoAsync("10000001"));

        contact.GetProperty("lastSeen").ValueKind.Should().Be(kind);
    }

    [Theory]
    [InlineData("whatsapp", "120363000000000001@g.us")]
    [InlineData("whatsapp", "70000000107-1581230000@g.us")]
    [InlineData("whatsapp", "70000000101")]
    [InlineData("whatsapp", "")]
    [InlineData("v3", "-10000000000001")]
    [InlineData("telegram", "-10000001")]
    public async Task Contact_NotAPerson_Is400(string typeInstance, string chatId)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.TypeInstance = typeInstance);

        (await gateway.GetContactInfoAsync(chatId)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"chatId":5}""")]
    public async Task Contact_BadRequest_Is400(string json)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        (await gateway.SendAsync(HttpMethod.Post, "getContactInfo", json: json)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Contact_QuotaExhausted_Is466()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.IsQuotaExhausted = true;

        var response = await gateway.GetContactInfoAsync("70000000101@c.us");

        ((int)response.StatusCode).Should().Be(466);
        (await response.Content.ReadAsStringAsync()).Should().Contain("\"status\":\"QUOTE_EXCEEDED\"");
    }

    [Fact]
    public async Task Contact_ByLid_IsUnknown()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts["70000000101@c.us"] = new() { Name = "vanya" };

        var contact = await GatewayFixture.ReadJsonAsync(await gateway.GetContactInfoAsync(gateway.Instance.LidOf("70000000101@c.us")));

        contact.GetProperty("name").GetString().Should().BeEmpty();
    }
}
