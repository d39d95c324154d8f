using IncomingCalls.AspNetCore.Tokens;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public class WebhookTokenIndexTests
{
    private readonly WebhookTokenIndex _tokens = new(["demo-secret", "demo-sister"], []);

    [Fact]
    public void Find_SameHeaderAgain_ReturnsTheSameGrant() =>
        _tokens.Find("Bearer demo-secret").Should().NotBeNull().And.BeSameAs(_tokens.Find("Bearer demo-secret"));

    [Theory]
    [InlineData("Bearer demo-secreT")]
    [InlineData("Bearer demo-secre")]
    [InlineData("Bearer demo-secrets")]
    [InlineData("")]
    [InlineData(null)]
    public void Find_SimilarToThePreviousHeader_ReturnsNull(string? header)
    {
        _tokens.Find("Bearer demo-secret").Should().NotBeNull();

        _tokens.Find(header).Should().BeNull();
    }

    [Fact]
    public void Find_AlternatingTokens_ReturnTheirOwnGrants()
    {
        var first = _tokens.Find("demo-secret");
        var second = _tokens.Find("demo-sister");

        second.Should().NotBeNull().And.NotBeSameAs(first);
        _tokens.Find("demo-secret").Should().BeSameAs(first);
    }
}
