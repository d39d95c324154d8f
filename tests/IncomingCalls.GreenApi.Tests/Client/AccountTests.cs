using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.GreenApi.Tests.Client;

/// <summary>Reading accounts of WhatsApp: another one with checkWhatsapp, and that of the instance with getWaSettings.</summary>
public sealed class AccountTests : IAsyncLifetime, IDisposable
{
    private static readonly ChatId Caller = ChatId.Parse("70000000101@c.us");

    private readonly GreenApiClient _client = GreenApiClient.Create();
    private FakeGateway _gateway = null!;
    private FakeInstance _account = null!;
    private CallInstance _instance = null!;

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _account = _gateway.AddInstance();
        _account.RespondsToGetWaSettings = true;
        _instance = _gateway.ToCallInstance(_account);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("""{"existsWhatsapp":true,"chatId":"155500000000001@lid","username":"","phoneNumber":"70000000101@c.us","fromCache":false}""", true, "70000000101@c.us", "155500000000001@lid", null)]
    [InlineData("""{"existsWhatsapp":false,"chatId":"","username":"","phoneNumber":"","fromCache":false}""", false, null, null, null)]
    [InlineData("""{"existsWhatsapp":true,"chatId":"155500000000001@lid","username":" anna ","phoneNumber":""}""", true, null, "155500000000001@lid", "anna")]
    [InlineData("""{"existsWhatsapp":true}""", true, null, null, null)]
    [InlineData("""{"phoneNumber":70000000101,"chatId":null,"existsWhatsapp":"yes","x":{"chatId":"1@lid"}}""", true, "70000000101@c.us", null, null)]
    [InlineData("""{"existsWhatsapp":true,"chatId":"70000000101@c.us","phoneNumber":"0@c.us","username":5}""", true, "70000000101@c.us", null, null)]
    [InlineData("""{"existsWhatsapp":true,"chatId":"0@lid","phoneNumber":"+70000000101"}""", true, "70000000101@c.us", null, null)]
    public async Task CheckWhatsappAsync_Response_IsRead(string body, bool exists, string? phoneNumber, string? linkedId, string? username)
    {
        Respond(200, body);

        var result = await _client.CheckWhatsappAsync(_instance, Caller);

        result.IsOk.Should().BeTrue();
        (result.Value!.Exists, result.Value.PhoneNumber?.Value, result.Value.LinkedId?.Value, result.Value.Username).Should().Be((exists, phoneNumber, linkedId, username));
    }

    [Theory]
    [InlineData("70000000101@c.us")]
    [InlineData("155500000000001@lid")]
    public async Task CheckWhatsappAsync_Request_IsPostWithChatId(string chatId)
    {
        string? sent = null;
        _account.Responder = async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            sent = $"{context.Request.Method} {context.Request.ContentType} {await reader.ReadToEndAsync()}";
            return await FakeGateway.SendAsync(context, 200, """{"existsWhatsapp":true}""");
        };

        await _client.CheckWhatsappAsync(_instance, ChatId.Parse(chatId));

        sent.Should().Be($$"""POST application/json; charset=utf-8 {"chatId":"{{chatId}}"}""");
    }

    [Theory]
    [InlineData(200, "{}", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "[]", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "null", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """{"existsWhatsapp":7}""", GreenApiStatus.InvalidResponse)]
    [InlineData(400, "bad phone number, valid 11 or 12 digits", GreenApiStatus.BadRequest)]
    [InlineData(400, "check phone number timeout limit exceeded", GreenApiStatus.TimedOut)]
    [InlineData(400, "instance is starting or not authorized", GreenApiStatus.NotAuthorized)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    [InlineData(403, "<html>", GreenApiStatus.Forbidden)]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    [InlineData(466, """{"invokeStatus":{"method":"checkwhatsapp","used":100,"total":100,"status":"QUOTE_EXCEEDED","description":"demo"}}""", GreenApiStatus.QuotaExceeded)]
    public async Task CheckWhatsappAsync_ErrorResponse_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        Respond(code, body);

        var result = await _client.CheckWhatsappAsync(_instance, Caller);

        result.Should().BeEquivalentTo(new { Status = status, Value = (GreenApiAccount?)null, HttpStatus = code });
        result.ToString().Should().Be($"{status} (HTTP {code})");
    }

    /// <summary>The API repeats the path of the request, which contains the token, in the body of the error.</summary>
    [Fact]
    public async Task CheckWhatsappAsync_ErrorWithTheToken_ResultDoesNotContainIt()
    {
        _account.Responder = RejectWithThePath;

        var result = await _client.CheckWhatsappAsync(_instance, ChatId.Parse("junk"));

        result.Status.Should().Be(GreenApiStatus.BadRequest);
        var values = typeof(GreenApiResult<GreenApiAccount>).GetProperties().Select(property => $"{property.GetValue(result)}");
        values.Append($"{result}").Should().OnlyContain(text => !text.Contains(_account.Token) && !text.Contains("Validation"));
    }

    [Theory]
    [InlineData("""{"avatar":"","phone":"70000000001","stateInstance":"authorized","deviceId":"d","chatId":"155500000000009@lid","logoutProcess":false,"suspendedUntil":0}""", "70000000001@c.us", "155500000000009@lid", "authorized", null, false)]
    [InlineData("""{"suspendedUntil":1791364530,"stateInstance":"suspended","phone":70000000001}""", "70000000001@c.us", null, "suspended", 1791364530L, false)]
    [InlineData("""{"stateInstance":"yellowCard","yellowCardUntil":"1791364530","suspendedUntil":0,"phone":"70000000001@c.us","chatId":"70000000001@c.us"}""", "70000000001@c.us", null, "yellowCard", 1791364530L, false)]
    [InlineData("""{"stateInstance":"notAuthorized","phone":"","chatId":"","logoutProcess":true,"suspendedUntil":"soon"}""", null, null, "notAuthorized", null, true)]
    [InlineData("""{"stateInstance":"authorized","chatId":"70000000001@c.us","logoutProcess":"yes"}""", "70000000001@c.us", null, "authorized", null, true)]
    [InlineData("null", null, null, null, null, false)]
    public async Task GetWaSettingsAsync_Response_IsRead(string body, string? phoneNumber, string? linkedId, string? state, long? suspendedUntil, bool isLoggingOut)
    {
        Respond(200, body);

        var result = await _client.GetWaSettingsAsync(_instance);

        result.IsOk.Should().BeTrue();
        (result.Value!.PhoneNumber?.Value, result.Value.LinkedId?.Value, result.Value.State!.RawState, result.Value.SuspendedUntil?.ToUnixTimeSeconds(), result.Value.IsLoggingOut)
            .Should().Be((phoneNumber, linkedId, state, suspendedUntil, isLoggingOut));
    }

    [Fact]
    public async Task GetWaSettingsAsync_NoState_IsRead()
    {
        Respond(200, """{"phone":"70000000001"}""");

        var result = await _client.GetWaSettingsAsync(_instance);

        (result.Value!.PhoneNumber?.Value, result.Value.State).Should().Be(("70000000001@c.us", null));
    }

    [Theory]
    [InlineData(200, "{}", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "[]", GreenApiStatus.InvalidResponse)]
    [InlineData(200, "<html>", GreenApiStatus.InvalidResponse)]
    [InlineData(200, """{"status":false,"phone":"70000000001"}""", GreenApiStatus.BadRequest)]
    [InlineData(401, "", GreenApiStatus.Unauthorized)]
    [InlineData(403, "<html>", GreenApiStatus.Forbidden)]
    [InlineData(429, "", GreenApiStatus.RateLimited)]
    public async Task GetWaSettingsAsync_ErrorResponse_MapsToStatus(int code, string body, GreenApiStatus status)
    {
        Respond(code, body);

        var result = await _client.GetWaSettingsAsync(_instance);

        result.Should().BeEquivalentTo(new { Status = status, Value = (GreenApiWaSettings?)null });
    }

    private void Respond(int status, string body) => _account.Responder = (_, context) => FakeGateway.SendAsync(context, status, body);

    private static Task<bool> RejectWithThePath(string method, HttpContext context) => FakeGateway.SendAsync(
        context,
        400,
        $$"""{"statusCode":400,"timestamp":"2026-10-07T09:15:00.000Z","path":"{{context.Request.Path}}","message":"Validation failed. Details: 'chatId' must be one of the next formats: 'phone_number@c.us' or 'chat_id@lid'"}""");
}
