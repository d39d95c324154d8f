using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Testing.Tests;

public class ApiErrorTests
{
    [Fact]
    public async Task Request_WrongTokenInstanceOrPath_IsAnsweredAsReported()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var client = new HttpClient { BaseAddress = simulator.ApiUrl };

        using var wrongToken = await client.GetAsync(new Uri($"/waInstance{instance.IdInstance}/receiveNotification/wrong", UriKind.Relative));
        using var wrongInstance = await client.GetAsync(new Uri($"/waInstance99/receiveNotification/{instance.ApiTokenInstance}", UriKind.Relative));
        using var wrongMethod = await client.GetAsync(new Uri($"/waInstance{instance.IdInstance}/dance/{instance.ApiTokenInstance}", UriKind.Relative));
        using var wrongVerb = await client.PostAsync(new Uri($"/waInstance{instance.IdInstance}/receiveNotification/{instance.ApiTokenInstance}", UriKind.Relative), null);

        wrongToken.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await wrongToken.Content.ReadAsStringAsync()).Should().BeEmpty();
        wrongInstance.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        wrongInstance.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        wrongMethod.StatusCode.Should().Be(HttpStatusCode.NotFound);
        wrongVerb.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Request_PrefixAndCapitalLetter_AreUnderstood()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var client = new HttpClient { BaseAddress = simulator.ApiUrl };

        using var response = await client.GetAsync(new Uri($"/v3/waInstance{instance.IdInstance}/GetStateInstance/{instance.ApiTokenInstance}", UriKind.Relative));

        (await response.Content.ReadAsStringAsync()).Should().Be("""{"stateInstance":"authorized"}""");
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized, "not authorized")]
    [InlineData(SimulatedState.Starting, "starting")]
    [InlineData(SimulatedState.Expired, "expired")]
    public async Task Receive_InstanceThatDoesNotWork_Is400(SimulatedState state, string text)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.State = state;
        using var api = new Api(simulator, instance);

        var (status, body) = await api.GetAsync("receiveNotification");

        status.Should().Be(HttpStatusCode.BadRequest);
        body.Should().Contain(text);
    }

    [Fact]
    public async Task Receive_WhileAWebhookUrlIsSet_IsInvalid()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.Settings.WebhookUrl = "https://calls.example.test/hook";
        using var api = new Api(simulator, instance);

        (await api.GetAsync("receiveNotification")).Body.Should().Contain("INVALID_PARAM");
    }

    [Fact]
    public async Task Request_BeyondTheRateLimit_Is429ForASecond()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = clock);
        using var api = new Api(simulator, simulator.AddInstance());

        (await api.GetAsync("getStateInstance")).Status.Should().Be(HttpStatusCode.OK);
        (await api.GetAsync("getStateInstance")).Status.Should().Be(HttpStatusCode.TooManyRequests);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await api.GetAsync("getStateInstance")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task FailNext_SomeTimes_AnswersTheErrorThatOften()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();
        simulator.FailNext("receiveNotification", 502, "bad gateway", times: 2);

        (await api.GetAsync("receiveNotification")).Should().Be((HttpStatusCode.BadGateway, "bad gateway"));
        (await api.GetAsync("receiveNotification")).Status.Should().Be(HttpStatusCode.BadGateway);
        (await api.GetAsync("receiveNotification")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task LoseNextAnswer_OfADeletion_CarriesItOut()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();
        var (receiptId, _) = await api.ReceiveAsync();
        simulator.LoseNextAnswer("deleteNotification");

        await FluentActions.Awaiting(() => api.DeleteAsync(receiptId)).Should().ThrowAsync<HttpRequestException>();

        instance.WaitingCount.Should().Be(0);
    }
}
