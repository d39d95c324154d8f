using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Client;

/// <summary>Reading the names of an account, which its owner has chosen.</summary>
public sealed class ContactInfoTests : IAsyncLifetime, IDisposable
{
    private readonly ServiceProvider _services = CreateServices();
    private FakeGateway _gateway = null!;
    private FakeInstance _instance = null!;

    private GreenApiClient Client => _services.GetRequiredService<GreenApiClient>();

    public async Task InitializeAsync()
    {
        _gateway = await FakeGateway.StartAsync();
        _instance = _gateway.AddInstance();
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("""{"name":"vanya","contactName":" Ivan ","avatar":"","lastSeen":null,"phoneNumber":0}""", "Ivan", "vanya", null)]
    [InlineData("""{"name":"  ","contactName":"","chatId":"1"}""", null, null, null)]
    [InlineData("""{"name":5,"contactName":null,"phoneNumber":"70000000116"}""", null, null, 70000000116L)]
    [InlineData("""{"phoneNumber":"70000000116@c.us"}""", null, null, 70000000116L)]
    [InlineData("""{"phoneNumber":"+70000000116"}""", null, null, 70000000116L)]
    [InlineData("""{"phoneNumber":""}""", null, null, null)]
    [InlineData("""{"phoneNumber":"hidden"}""", null, null, null)]
    [InlineData("""{"phoneNumber":"100000000000001@lid"}""", null, null, null)]
    [InlineData("""{"avatar":""}""", null, null, null)]
    public async Task GetContactInfoAsync_Response_NamesAreRead(string body, string? contactName, string? name, long? phone)
    {
        Respond(200, body);

        var result = await Client.GetContactInfoAsync(_gateway.ToCallInstance(_instance), ChatId.Parse("70000000101@c.us"));

        result.Value.Should().BeEquivalentTo(new { ContactName = contactName, Name = name, PhoneNumber = phone, Avatar = (string?)null });
    }

    [Theory]
    [InlineData("\"Anna \\ud83d\"", "Anna \ufffd")]
    [InlineData("\"Anna\\u0000B\\u0007\"", "AnnaB")]
    [InlineData("7", null)]
    public async Task GetContactInfoAsync_NameThatNoStoreAccepts_IsRepairedAndTheOtherIsKept(string name, string? expected)
    {
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, $$"""{"name":{{name}},"contactName":"Ivan (office)"}""");

        var result = await Client.GetContactInfoAsync(_gateway.ToCallInstance(_instance), ChatId.Parse("70000000101@c.us"));

        result.Value.Should().BeEquivalentTo(new { Name = expected, ContactName = "Ivan (office)" });
    }

    [Fact]
    public async Task GetContactInfoAsync_LongCatalogue_NameIsRead()
    {
        var products = string.Join(",", Enumerable.Range(0, 5_000).Select(static number => $$"""{"id":"{{number}}","description":"{{new string('x', 60)}}"}"""));
        _instance.Responder = (_, context) => FakeGateway.SendAsync(context, 200, $$"""{"products":[{{products}}],"name":"Ivan"}""");

        var result = await Client.GetContactInfoAsync(_gateway.ToCallInstance(_instance), ChatId.Parse("70000000101@c.us"));

        result.Value!.Name.Should().Be("Ivan");
    }

    [Fact]
    public async Task GetContactInfoAsync_Request_IsPostWithChatId()
    {
        string? sent = null;
        _instance.Responder = async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            sent = $"{context.Request.Method} {context.Request.ContentType} {await reader.ReadToEndAsync()}";
            return await FakeGateway.SendAsync(context, 200, "{}");
        };

        await Client.GetContactInfoAsync(_gateway.ToCallInstance(_instance), ChatId.Parse("100000000000001@lid"));

        sent.Should().Be("""POST application/json; charset=utf-8 {"chatId":"100000000000001@lid"}""");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("null")]
    public async Task GetContactInfoAsync_UnrecognizedResponse_InvalidResponse(string body)
    {
        Respond(200, body);

        (await Client.GetContactInfoAsync(_gateway.ToCallInstance(_instance), ChatId.Parse("1@c.us"))).Status.Should().Be(GreenApiStatus.InvalidResponse);
    }

    private static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        return services.BuildServiceProvider();
    }

    private void Respond(int status, string body) => _instance.Responder = async (_, context) =>
    {
        await FakeGateway.SendAsync(context, status, body);
        return true;
    };
}
