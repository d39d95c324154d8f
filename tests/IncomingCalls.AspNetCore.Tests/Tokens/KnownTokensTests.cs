namespace IncomingCalls.AspNetCore.Tests.Tokens;

public class KnownTokensTests
{
    private readonly KnownTokens _tokens = new(["demo-secret", "demo-sister"], []);

    [Fact]
    public void Find_SameHeaderAgain_IsGrantedTheSame() =>
        _tokens.Find("Bearer demo-secret").Should().NotBeNull().And.BeSameAs(_tokens.Find("Bearer demo-secret"));

    [Theory]
    [InlineData("Bearer demo-secreT")]
    [InlineData("Bearer demo-secre")]
    [InlineData("Bearer demo-secrets")]
    [InlineData("")]
    [InlineData(null)]
    public void Find_AlmostTheHeaderBefore_IsRefused(string? header)
    {
        _tokens.Find("Bearer demo-secret").Should().NotBeNull();

        _tokens.Find(header).Should().BeNull();
    }

    [Fact]
    public void Find_TokensInTurns_AreEachGrantedTheirOwn()
    {
        var first = _tokens.Find("demo-secret");
        var second = _tokens.Find("demo-sister");

        second.Should().NotBeNull().And.NotBeSameAs(first);
        _tokens.Find("demo-secret").Should().BeSameAs(first);
    }
}
