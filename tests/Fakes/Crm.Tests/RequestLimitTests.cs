using System.Net;

namespace IncomingCalls.Fakes.Crm.Tests;

public class RequestLimitTests
{
    private const int Burst = 5;

    [Fact]
    public async Task Requests_WithinBurstAndRate_AreAdmitted()
    {
        await using var crm = await TestCrm.StartAsync(options => options.Burst = Burst);
        await SendBurstAsync(crm);

        for (var i = 0; i < 20; i++)
        {
            crm.Time.Advance(TimeSpan.FromSeconds(0.5));
            (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.NoContent);
        }

        crm.Portal.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task Request_AboveTheRate_IsAnswered429AndCounted()
    {
        await using var crm = await TestCrm.StartAsync(options => options.Burst = Burst);
        await SendBurstAsync(crm);
        crm.Time.Advance(TimeSpan.FromSeconds(0.4));

        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.TooManyRequests);

        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.RateLimitExceeded);
    }

    [Fact]
    public async Task Request_BeforeRetryAfter_IsAnswered429AndCountedAlthoughTheRateAllowsIt()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.RetryAfter) = (Burst, TimeSpan.FromSeconds(30)));
        await ExceedAsync(crm);
        crm.Time.Advance(TimeSpan.FromSeconds(29));

        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.TooManyRequests);
        crm.Time.Advance(TimeSpan.FromSeconds(1));
        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.NoContent);

        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.RateLimitExceeded, ViolationKind.SentDuringRetryAfter);
    }

    [Fact]
    public async Task Limits_OfTwoPortals_AreIndependent()
    {
        await using var crm = await TestCrm.StartAsync(options => options.Burst = Burst);
        var second = crm.Server.AddPortal("second");
        await ExceedAsync(crm);

        crm.UseToken(second.IssueTokens().AccessToken);
        var response = await crm.Client.GetAsync(new Uri(crm.Server.GetPortalUrl(second), "items?person=p"));

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task TooManyRequests_InSeconds_StatesTheRemainingTimeRoundedUp()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.RetryAfter) = (Burst, TimeSpan.FromSeconds(30)));

        var first = await ExceedAsync(crm);
        crm.Time.Advance(TimeSpan.FromSeconds(9.5));
        var second = await crm.Client.GetAsync("items?person=p");

        first.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(30));
        second.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(21));
        (await TestCrm.ReadAsync(first)).TryGetProperty("retry_after", out _).Should().BeFalse();
    }

    [Fact]
    public async Task TooManyRequests_AsHttpDate_IsNotBeforeTheEndOfThePause()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.RetryAfterFormat) = (Burst, RetryAfterFormat.HttpDate));
        crm.Time.Advance(TimeSpan.FromSeconds(0.25));

        var response = await ExceedAsync(crm);

        response.Headers.RetryAfter!.Date.Should().Be(new DateTimeOffset(2026, 10, 7, 9, 15, 3, TimeSpan.Zero), "the pause ends at 2.25 s");
    }

    [Fact]
    public async Task TooManyRequests_InTheBody_HasNoHeader()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.RetryAfterFormat) = (Burst, RetryAfterFormat.Body));

        var response = await ExceedAsync(crm);

        response.Headers.RetryAfter.Should().BeNull();
        (await TestCrm.ReadAsync(response)).GetProperty("retry_after").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task TooManyRequests_WithoutRetryAfter_LastsUntilTheRateAllowsARequest()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.RetryAfterFormat) = (Burst, RetryAfterFormat.None));

        var response = await ExceedAsync(crm);
        crm.Time.Advance(TimeSpan.FromSeconds(0.5));

        response.Headers.RetryAfter.Should().BeNull();
        (await TestCrm.ReadAsync(response)).TryGetProperty("retry_after", out _).Should().BeFalse();
        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Violations_AboveTheSwitch_BlockThePortalForAWhile()
    {
        await using var crm = await TestCrm.StartAsync(options => (options.Burst, options.BlockAfterViolations) = (Burst, 3));
        await ExceedAsync(crm);
        await GetStatusAsync(crm);
        await GetStatusAsync(crm);
        crm.Time.Advance(TimeSpan.FromMinutes(9));

        var blocked = await crm.Client.GetAsync("items?person=p");
        var refreshed = await crm.RefreshAsync(crm.Tokens.RefreshToken);
        crm.Time.Advance(TimeSpan.FromMinutes(1));

        blocked.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        blocked.Content.Headers.ContentType!.MediaType.Should().Be("text/html");
        refreshed.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        crm.Portal.Violations.Should().HaveCount(5).And.Subject.Count(violation => violation.Kind == ViolationKind.SentWhileBlocked).Should().Be(2);
        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Refresh_DuringRetryAfter_IsAdmitted()
    {
        await using var crm = await TestCrm.StartAsync(options => options.Burst = Burst);
        await ExceedAsync(crm);

        (await crm.RefreshAsync(crm.Tokens.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TooManyRequestsFault_StartsAPauseAndIsNoViolationOfTheClient()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.FailNext(CrmFault.TooManyRequests);

        var first = await crm.Client.GetAsync("items?person=p");

        first.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        first.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(2));
        crm.Portal.Violations.Should().BeEmpty();
        (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.TooManyRequests);
        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.SentDuringRetryAfter);
    }

    private static async Task<HttpStatusCode> GetStatusAsync(TestCrm crm) => (await crm.Client.GetAsync("items?person=p")).StatusCode;

    private static async Task SendBurstAsync(TestCrm crm)
    {
        for (var i = 0; i < Burst; i++)
        {
            (await GetStatusAsync(crm)).Should().Be(HttpStatusCode.NoContent);
        }
    }

    private static async Task<HttpResponseMessage> ExceedAsync(TestCrm crm)
    {
        await SendBurstAsync(crm);
        return await crm.Client.GetAsync("items?person=p");
    }
}
