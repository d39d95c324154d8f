using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public sealed class RoutingTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("waInstance{0}/getStateInstance/{1}")]
    [InlineData("waInstance{0}/GetStateInstance/{1}")]
    [InlineData("v3/waInstance{0}/getStateInstance/{1}")]
    [InlineData("some/proxy/waInstance{0}/getStateInstance/{1}")]
    public async Task Path_DocumentedSpelling_IsServed(string path)
    {
        var response = await _gateway.SendToAsync(HttpMethod.Get, Fill(path));

        (await GatewayFixture.ReadJsonAsync(response)).GetProperty("stateInstance").GetString().Should().Be("authorized");
        response.Content.Headers.ContentType!.ToString().Should().Be("application/json; charset=utf-8");
    }

    [Theory]
    [InlineData("waInstance{0}/getEverything/{1}")]
    [InlineData("waInstance{0}/getStateInstance")]
    [InlineData("waInstance{0}")]
    [InlineData("instance{0}/getStateInstance/{1}")]
    [InlineData("waInstance{0}/GETSTATEINSTANCE/{1}")]
    [InlineData("")]
    public async Task Path_Unknown_Is404(string path) =>
        (await _gateway.SendToAsync(HttpMethod.Get, Fill(path))).StatusCode.Should().Be(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("POST", "receiveNotification")]
    [InlineData("GET", "deleteNotification")]
    [InlineData("GET", "getContactInfo")]
    [InlineData("GET", "setSettings")]
    public async Task Verb_Wrong_Is404(string verb, string method) =>
        (await _gateway.SendAsync(new(verb), method)).StatusCode.Should().Be(HttpStatusCode.NotFound);

    [Fact]
    public async Task Token_Wrong_Is401WithAnEmptyBodyAtOnce()
    {
        var response = await _gateway.SendToAsync(HttpMethod.Get, Fill("waInstance{0}/receiveNotification/wrong"));

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Token_Changed_IsUsedAtOnce()
    {
        var old = _gateway.Instance.ApiTokenInstance;
        _gateway.Instance.ApiTokenInstance = "new";

        (await _gateway.SendAsync(HttpMethod.Get, "getStateInstance")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await _gateway.SendToAsync(HttpMethod.Get, $"waInstance{_gateway.Instance.IdInstance}/getStateInstance/{old}"))
            .StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Instance_Unknown_Is403AsHtml()
    {
        var response = await _gateway.SendToAsync(HttpMethod.Get, "waInstance999/receiveNotification/any");

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        (await response.Content.ReadAsStringAsync()).Should().StartWith("<html>");
    }

    [Fact]
    public async Task Instance_NotANumber_Is400()
    {
        var response = await _gateway.SendToAsync(HttpMethod.Get, "waInstanceX/receiveNotification/any");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().Be("Parameter idInstance not an integer");
    }

    [Fact]
    public async Task Requests_Served_AreCountedByTheirDocumentedName()
    {
        await _gateway.SendToAsync(HttpMethod.Get, Fill("waInstance{0}/GetStateInstance/{1}"));
        await _gateway.SendToAsync(HttpMethod.Get, Fill("waInstance{0}/getStateInstance/wrong"));

        _gateway.Instance.Requests.Should().Equal(new Dictionary<string, int> { ["getStateInstance"] = 1 });
    }

    private string Fill(string path) =>
        path.Replace("{0}", $"{_gateway.Instance.IdInstance}", StringComparison.Ordinal).Replace("{1}", _gateway.Instance.ApiTokenInstance, StringComparison.Ordinal);
}
