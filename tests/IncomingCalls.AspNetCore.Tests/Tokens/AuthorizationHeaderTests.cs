using IncomingCalls.Shared;

namespace IncomingCalls.AspNetCore.Tests.Tokens;

public sealed class AuthorizationHeaderTests
{
    [Theory]
    [InlineData("demo-secret", "demo-secret", false)]
    [InlineData("  demo-secret\t", "demo-secret", false)]
    [InlineData("Bearer demo-secret", "demo-secret", false)]
    [InlineData("BEARER   bearer demo-secret", "demo-secret", false)]
    [InlineData("Basic demo-secret", "demo-secret", true)]
    [InlineData("Bearer Basic demo-secret", "demo-secret", true)]
    [InlineData("BearerOfNews", "BearerOfNews", false)]
    [InlineData("demo secret", "demo secret", false)]
    [InlineData("Bearer", "", false)]
    [InlineData("Bearer Basic ", "", true)]
    [InlineData("", "", false)]
    [InlineData(null, "", false)]
    public void ExtractToken_AnyFormat_RemovesTheScheme(string? written, string expected, bool isBasicExpected)
    {
        var bare = AuthorizationHeader.ExtractToken(written, out var isBasic);

        bare.ToString().Should().Be(expected);
        isBasic.Should().Be(isBasicExpected);
    }
}
