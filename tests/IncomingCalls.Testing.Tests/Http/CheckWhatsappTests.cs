using System.Net;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public sealed class CheckWhatsappTests
{
    private const string Number = "70000000101@c.us";

    [Fact]
    public async Task Check_PhoneNumber_HasTheLinkedId()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts[Number] = new() { Username = "anna", IsPhoneNumberHidden = true };

        var answer = await CheckAsync(gateway, Number);

        answer.Should().Be($$"""{"existsWhatsapp":true,"chatId":"{{gateway.Instance.LidOf(Number)}}","username":"anna","phoneNumber":"{{Number}}","fromCache":false}""");
    }

    [Theory]
    [InlineData(false, Number)]
    [InlineData(true, "")]
    public async Task Check_LinkedId_HasThePhoneNumberUnlessHidden(bool isHidden, string phoneNumber)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts[Number] = new() { IsPhoneNumberHidden = isHidden };
        var linkedId = gateway.Instance.LidOf(Number);

        var answer = await CheckAsync(gateway, linkedId);

        answer.Should().Be($$"""{"existsWhatsapp":true,"chatId":"{{linkedId}}","username":"","phoneNumber":"{{phoneNumber}}","fromCache":false}""");
    }

    [Fact]
    public async Task Check_LinkedIdOfACaller_HasThePhoneNumber()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Settings.EnableLidMode = true;
        gateway.Instance.PlaceCall(Number).Ring();
        var from = NotificationReader.Read(gateway.Instance.History[0].Body.Span).Call!.From!.Value.Value;

        (await CheckAsync(gateway, from)).Should().Contain($"\"phoneNumber\":\"{Number}\"");
    }

    [Fact]
    public async Task Check_LinkedIdOfAContact_HasNoPhoneNumber()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts["155500000000001@lid"] = new() { Username = "anna" };

        (await CheckAsync(gateway, "155500000000001@lid")).Should().Be("""{"existsWhatsapp":true,"chatId":"155500000000001@lid","username":"anna","phoneNumber":"","fromCache":false}""");
    }

    [Theory]
    [InlineData(Number)]
    [InlineData("155500000000001@lid")]
    public async Task Check_NoAccount_DoesNotExist(string chatId)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts[Number] = new() { HasAccount = false };

        (await CheckAsync(gateway, chatId)).Should().Be("""{"existsWhatsapp":false,"chatId":"","username":"","phoneNumber":"","fromCache":false}""");
    }

    [Theory]
    [InlineData("""{"phoneNumber":70000000101}""", true)]
    [InlineData("""{"phoneNumber":"70000000101"}""", true)]
    [InlineData("""{"phoneNumber":70000000102}""", false)]
    public async Task Check_OlderForm_AnswersOnlyWhetherTheAccountExists(string request, bool exists)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Contacts["70000000102@c.us"] = new() { HasAccount = false };

        var answer = await gateway.CheckWhatsappAsync(request);

        (await answer.Content.ReadAsStringAsync()).Should().Be($$"""{"existsWhatsapp":{{(exists ? "true" : "false")}}}""");
    }

    [Theory]
    [InlineData("""{"chatId":"junk"}""", "'chatId' must be one of the next formats: 'phone_number@c.us' or 'chat_id@lid'")]
    [InlineData("""{"chatId":"120363000000000001@g.us"}""", "'chatId' must be one of the next formats: 'phone_number@c.us' or 'chat_id@lid'")]
    [InlineData("""{"chatId":5}""", "'chatId' must be one of the next formats: 'phone_number@c.us' or 'chat_id@lid'")]
    [InlineData("""{"phoneNumber":"7000 0000101"}""", "'phoneNumber' must contain only digits")]
    [InlineData("""{"phoneNumber":7000000}""", "bad phone number, valid 11 or 12 digits")]
    [InlineData("{}", "'value' must have at least 1 key")]
    [InlineData("[]", "'value' must have at least 1 key")]
    public async Task Check_InvalidRequest_Is400ThatRepeatsTheToken(string request, string details)
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.CheckWhatsappQuota = 0);

        var answer = await gateway.CheckWhatsappAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        body.RootElement.GetProperty("statusCode").GetInt32().Should().Be(400);
        body.RootElement.GetProperty("path").GetString().Should().Be($"/waInstance1101000001/checkWhatsapp/{gateway.Instance.ApiTokenInstance}");
        body.RootElement.GetProperty("message").GetString().Should().Be($"Validation failed. Details: {details}");
    }

    [Fact]
    public async Task Quota_OfTheMonth_Is466UntilTheNextMonth()
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.CheckWhatsappQuota = 2);
        await CheckAsync(gateway, Number);
        await gateway.CheckWhatsappAsync("{}");
        await CheckAsync(gateway, Number);

        var exhausted = await gateway.CheckWhatsappAsync($$"""{"chatId":"{{Number}}"}""");

        ((int)exhausted.StatusCode).Should().Be(466);
        (await exhausted.Content.ReadAsStringAsync()).Should().StartWith("""{"invokeStatus":{"method":"checkwhatsapp","used":2,"total":2,"status":"QUOTE_EXCEEDED",""");

        // The clock of the tests starts in September 2026.
        gateway.Clock.Advance(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero) - gateway.Clock.GetUtcNow());
        (await gateway.CheckWhatsappAsync($$"""{"chatId":"{{Number}}"}""")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Quota_OfTheSubscriptionExhausted_Is466()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.IsQuotaExhausted = true;

        ((int)(await gateway.CheckWhatsappAsync($$"""{"chatId":"{{Number}}"}""")).StatusCode).Should().Be(466);
    }

    [Fact]
    public async Task Check_LoggedOut_Is400()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.State = SimulatedState.NotAuthorized;

        (await gateway.CheckWhatsappAsync($$"""{"chatId":"{{Number}}"}""")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static async Task<string> CheckAsync(GatewayFixture gateway, string chatId)
    {
        var answer = await gateway.CheckWhatsappAsync($$"""{"chatId":"{{chatId}}"}""");
        ((int)answer.StatusCode).Should().Be(200);
        return await answer.Content.ReadAsStringAsync();
    }
}
