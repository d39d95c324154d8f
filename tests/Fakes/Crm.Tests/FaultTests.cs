using System.Net;
using IncomingCalls.Processes;

namespace IncomingCalls.Fakes.Crm.Tests;

public class FaultTests
{
    [Fact]
    public async Task LostAnswer_IsStoredAndTheConnectionIsCut()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.FailNext(CrmFault.LostAnswer);

        await crm.Invoking(client => client.RegisterAsync()).Should().ThrowAsync<HttpRequestException>();

        crm.Portal.Calls.Should().ContainSingle();
        crm.Portal.Requests.Should().ContainSingle().Which.Status.Should().BeNull();
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Portal.Calls.Should().ContainSingle().Which.RepeatCount.Should().Be(1);
    }

    [Fact]
    public async Task LostAnswer_OfFinish_LeadsToADoubleWhenItIsRepeated()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();
        crm.Portal.FailNext(CrmFault.LostAnswer);

        await crm.Invoking(client => client.FinishAsync(id)).Should().ThrowAsync<HttpRequestException>();
        await crm.FinishAsync(id);

        crm.Portal.TakeSnapshot().CallsFinishedTwice.Should().Equal(id);
    }

    [Fact]
    public async Task SlowAnswer_IsStoredBeforeItIsSent()
    {
        var answers = new HeldAnswers();
        await using var crm = await TestCrm.StartAsync(delays: answers);
        crm.Portal.DelayNext(HeldAnswers.Delay);

        var answer = crm.RegisterAsync();
        await Eventually.HoldsAsync(() => crm.Portal.Calls.Should().ContainSingle());
        answer.IsCompleted.Should().BeFalse();
        answers.Release();

        (await answer).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SlowAnswer_WhoseClientGoesAway_StaysWithoutStatus()
    {
        var answers = new HeldAnswers();
        await using var crm = await TestCrm.StartAsync(delays: answers);
        crm.Portal.DelayNext(HeldAnswers.Delay);
        using var timeout = new CancellationTokenSource();

        var answer = crm.Client.GetAsync("items?person=p", timeout.Token);
        await Eventually.HoldsAsync(() => crm.Portal.Requests.Should().ContainSingle());
        await timeout.CancelAsync();

        await answer.Awaiting(cancelled => cancelled).Should().ThrowAsync<OperationCanceledException>();
        crm.Portal.Requests.Single().Status.Should().BeNull();
    }

    [Theory]
    [InlineData(CrmFault.ServerError, HttpStatusCode.InternalServerError, "application/problem+json", 0)]
    [InlineData(CrmFault.ServerErrorAfterExecution, HttpStatusCode.InternalServerError, "application/problem+json", 1)]
    [InlineData(CrmFault.BadGateway, HttpStatusCode.BadGateway, "text/html", 0)]
    [InlineData(CrmFault.LoginPage, HttpStatusCode.OK, "text/html", 0)]
    [InlineData(CrmFault.PaymentRequired, HttpStatusCode.PaymentRequired, "application/problem+json", 0)]
    public async Task Fault_WithAnAnswer_ReplacesTheAnswerOnce(CrmFault fault, HttpStatusCode status, string contentType, int records)
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.FailNext(fault);

        var response = await crm.RegisterAsync();

        response.StatusCode.Should().Be(status);
        response.Content.Headers.ContentType!.MediaType.Should().Be(contentType);
        crm.Portal.Calls.Should().HaveCount(records);
        (await crm.RegisterAsync()).Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        crm.Portal.Requests.Select(request => request.Status).Should().Equal((int)status, 200);
    }

    [Fact]
    public async Task ConnectionCut_IsNotExecuted()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.FailNext(CrmFault.ConnectionCut);

        await crm.Invoking(client => client.RegisterAsync()).Should().ThrowAsync<HttpRequestException>();

        crm.Portal.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task FailNext_ForAnOperation_LeavesOthersAlone()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();
        crm.Portal.FailNext(CrmFault.ServerError, times: 2, CrmOperation.FinishCall);

        var statuses = new List<HttpStatusCode>
        {
            (await crm.RegisterAsync()).StatusCode, (await crm.FinishAsync(id)).StatusCode, (await crm.FinishAsync(id)).StatusCode, (await crm.FinishAsync(id)).StatusCode,
        };

        statuses.Should().Equal(HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError, HttpStatusCode.OK);
    }

    [Fact]
    public async Task FailNext_SlowAnswer_IsRefused()
    {
        await using var crm = await TestCrm.StartAsync();

        crm.Portal.Invoking(portal => portal.FailNext(CrmFault.SlowAnswer)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task IsDown_CutsTheConnectionsOfOnePortalOnly()
    {
        await using var crm = await TestCrm.StartAsync();
        var second = crm.Server.AddPortal("second");
        crm.Portal.IsDown = true;

        await crm.Invoking(client => client.RegisterAsync()).Should().ThrowAsync<HttpRequestException>();
        crm.UseToken(second.IssueTokens().AccessToken);
        var other = await crm.Client.GetAsync(new Uri(crm.Server.GetPortalUrl(second), "items?person=p"));
        crm.Portal.IsDown = false;

        other.StatusCode.Should().Be(HttpStatusCode.NoContent);
        crm.UseToken(crm.Tokens.AccessToken);
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Portal.Requests.Select(request => request.Status).Should().Equal(null, 200);
    }

    [Fact]
    public async Task SubscriptionIsOver_AnswersWith402UntilItIsRenewed()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.SubscriptionIsOver = true;

        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.PaymentRequired);
        crm.Portal.SubscriptionIsOver = false;

        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Portal.Calls.Should().ContainSingle();
    }

    /// <summary>A client that repeated such a request by itself would make the counts of requests and doubles unpredictable.</summary>
    [Fact]
    public async Task LostAnswer_WithoutABodyOnAKeptAliveConnection_IsSentOnceByHttpClient()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await TestCrm.ReadTextAsync(await crm.OpenItemAsync(), "id");
        crm.Portal.FailNext(CrmFault.LostAnswer, times: 2, CrmOperation.CloseItem);
        crm.Portal.FailNext(CrmFault.LostAnswer, times: 2, CrmOperation.FindItems);

        await crm.Client.Invoking(client => client.PostAsync($"items/{id}/close", null)).Should().ThrowAsync<HttpRequestException>();
        await crm.OpenItemAsync();
        await crm.Client.Invoking(client => client.GetAsync("items?person=person-1")).Should().ThrowAsync<HttpRequestException>();

        crm.Portal.Requests.Select(request => request.Operation).Should().Equal(CrmOperation.OpenItem, CrmOperation.CloseItem, CrmOperation.OpenItem, CrmOperation.FindItems);
    }
}
