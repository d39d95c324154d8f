using System.Net;
using IncomingCalls.AspNetCore.Options;

namespace IncomingCalls.AspNetCore.Tests.Admission;

public sealed class SenderNetworksTests
{
    [Theory]
    [InlineData("203.0.113.0/24", "203.0.113.7", true)]
    [InlineData("203.0.113.0/24", "203.0.114.7", false)]
    [InlineData("203.0.113.0/24", "::ffff:203.0.113.7", true)]
    [InlineData("::ffff:203.0.113.0/120", "203.0.113.7", true)]
    [InlineData("203.0.113.9/24", "203.0.113.7", true)]
    [InlineData("203.0.113.9/24", "203.0.114.7", false)]
    [InlineData("203.0.113.7", "203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData(" 203.0.113.7 ", "::ffff:203.0.113.7", true)]
    [InlineData("2001:db8::/32", "2001:db8::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [InlineData("0.0.0.0/0", "203.0.113.7", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    public void Contains_Address_IsMatchedInBothFormats(string network, string address, bool expected)
    {
        new SenderNetworks([network]).Contain(IPAddress.Parse(address)).Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("green-api.com")]
    [InlineData("203.0.113.0/33")]
    [InlineData("203.0.113.0/")]
    public void TryParse_InvalidNetwork_ReturnsFalse(string? text)
    {
        SenderNetworks.TryParse(text, out _).Should().BeFalse();
    }
}
