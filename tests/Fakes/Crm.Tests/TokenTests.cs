using System.Net;

namespace IncomingCalls.Fakes.Crm.Tests;

public class TokenTests
{
    [Fact]
    public async Task Request_WithoutToken_IsAnswered401()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.UseToken(null);

        var response = await crm.RegisterAsync();

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        crm.Portal.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Request_WithExpiredToken_IsAnswered401UntilTheTokenIsRefreshed()
    {
        await using var crm = await TestCrm.StartAsync(options => options.AccessTokenLifetime = TimeSpan.FromMinutes(10));
        crm.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);

        crm.Time.Advance(TimeSpan.FromTicks(1));
        var expired = await crm.RegisterAsync();
        var refreshed = await TestCrm.ReadAsync(await crm.RefreshAsync(crm.Tokens.RefreshToken));
        crm.UseToken(refreshed.GetProperty("access_token").GetString());

        expired.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await TestCrm.ReadTextAsync(expired, "error")).Should().Be("expired_token");
        refreshed.GetProperty("expires_in").GetInt32().Should().Be(600);
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Portal.TakeSnapshot().RefreshCount.Should().Be(1);
        crm.Portal.Violations.Should().BeEmpty();
    }

    [Fact]
    public async Task Refresh_WithUsedToken_IsRefusedAndCounted()
    {
        await using var crm = await TestCrm.StartAsync();
        var next = await TestCrm.ReadTextAsync(await crm.RefreshAsync(crm.Tokens.RefreshToken), "refresh_token");

        var repeated = await crm.RefreshAsync(crm.Tokens.RefreshToken);

        repeated.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await TestCrm.ReadTextAsync(repeated, "error")).Should().Be("invalid_grant");
        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.RefreshTokenUsedTwice);
        (await crm.RefreshAsync(next)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_AfterALostAnswer_FailsForGood()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.FailNext(CrmFault.LostAnswer);

        await crm.Invoking(lost => lost.RefreshAsync(crm.Tokens.RefreshToken)).Should().ThrowAsync<HttpRequestException>();

        (await crm.RefreshAsync(crm.Tokens.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Refresh_WithPreviousTokenAndTheSwitch_IsAcceptedUntilTheNextTokenIsUsed()
    {
        await using var crm = await TestCrm.StartAsync(options => options.AcceptsPreviousRefreshToken = true);
        await crm.RefreshAsync(crm.Tokens.RefreshToken);

        var repeated = await crm.RefreshAsync(crm.Tokens.RefreshToken);
        crm.UseToken(await TestCrm.ReadTextAsync(repeated, "access_token"));
        await crm.RegisterAsync();

        repeated.StatusCode.Should().Be(HttpStatusCode.OK);
        (await crm.RefreshAsync(crm.Tokens.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Refresh_WithExpiredRefreshToken_IsRefused()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Time.Advance(TimeSpan.FromDays(90));

        (await crm.RefreshAsync(crm.Tokens.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Refresh_WithWrongSecret_IsRefusedAndUsesNoToken()
    {
        await using var crm = await TestCrm.StartAsync();

        var refused = await crm.RefreshAsync(crm.Tokens.RefreshToken, "another-secret");

        (await TestCrm.ReadTextAsync(refused, "error")).Should().Be("invalid_client");
        (await crm.RefreshAsync(crm.Tokens.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RevokeTokens_UntilReconnected_RefusesRequestsAndRefreshes()
    {
        await using var crm = await TestCrm.StartAsync();
        crm.Portal.RevokeTokens();

        var refused = await crm.RegisterAsync();
        var refreshed = await crm.RefreshAsync(crm.Tokens.RefreshToken);
        crm.UseToken(crm.Portal.IssueTokens().AccessToken);

        refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await TestCrm.ReadTextAsync(refused, "detail")).Should().Be("Token has been revoked");
        refreshed.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        crm.Portal.Violations.Should().BeEmpty("a client cannot know that it is disconnected");
    }

    [Fact]
    public async Task Request_WithTokenOfAnotherPortal_IsRefusedAndCounted()
    {
        await using var crm = await TestCrm.StartAsync();
        var other = crm.Server.AddPortal("second").IssueTokens();
        crm.UseToken(other.AccessToken);

        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await crm.RefreshAsync(other.RefreshToken)).StatusCode.Should().Be(HttpStatusCode.BadRequest);

        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.TokenOfAnotherPortal, ViolationKind.TokenOfAnotherPortal);
    }

    [Theory]
    [InlineData("items?person=p&access_token=anything")]
    [InlineData("items?person=p&auth=anything")]
    [InlineData("items?person={token}")]
    [InlineData("items/{token}")]
    public async Task Request_WithTokenInUrl_IsRefusedAndCountedAndItsTokenIsNotRecorded(string url)
    {
        await using var crm = await TestCrm.StartAsync();

        var response = await crm.Client.GetAsync(url.Replace("{token}", crm.Tokens.AccessToken, StringComparison.Ordinal));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        crm.Portal.Violations.Select(violation => violation.Kind).Should().Equal(ViolationKind.TokenInUrl);
        crm.Portal.Requests.Single().Path.Should().Be("(contains a token)");
    }
}
