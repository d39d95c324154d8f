using System.Globalization;
using System.Net;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Handling;

public class CallEventRetryExceptionTests
{
    private static readonly TimeSpan Fallback = TimeSpan.FromMinutes(1);
    private static readonly FakeTimeProvider Clock = new(TestHost.Now);

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 0)]
    [InlineData(" 7 ", 7)]
    [InlineData("soon", 60)]
    [InlineData("-5", 60)]
    [InlineData("1.5", 60)]
    [InlineData("", 60)]
    [InlineData(null, 60)]
    public void FromRetryAfter_SecondsOrGarbage_IsTheDelayOrTheFallback(string? header, int seconds) =>
        CallEventRetryException.FromRetryAfter(Respond(header), Fallback, timeProvider: Clock).Delay.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(90, 90)]
    [InlineData(0, 0)]
    [InlineData(-90, 0)]
    public void FromRetryAfter_DateWithoutDateHeader_IsComparedWithTheClock(int secondsFromNow, int seconds) =>
        CallEventRetryException.FromRetryAfter(Respond(Format(TestHost.Now.AddSeconds(secondsFromNow))), Fallback, timeProvider: Clock).Delay.Should().Be(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(90, 90)]
    [InlineData(-90, 0)]
    public void FromRetryAfter_DateWithDateHeader_IsComparedWithTheClockOfTheResponse(int secondsFromThen, int seconds)
    {
        var itsClock = TestHost.Now.AddHours(-3);
        using var response = Respond(Format(itsClock.AddSeconds(secondsFromThen)));
        response.Headers.Date = itsClock;

        CallEventRetryException.FromRetryAfter(response, Fallback, timeProvider: Clock).Delay.Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void FromRetryAfter_Destination_IsThatOfTheException()
    {
        using var response = Respond("30");

        var exception = CallEventRetryException.FromRetryAfter(response, Fallback, "bitrix24:portal-7");

        exception.Should().BeEquivalentTo(new { Destination = "bitrix24:portal-7", Message = "The destination answered 429." });
        CallEventRetryException.FromRetryAfter(response, Fallback).Destination.Should().BeNull("only this delivery waits");
    }

    [Fact]
    public void FromRetryAfter_LongerThanAMonth_IsAMonth() =>
        CallEventRetryException.FromRetryAfter(Respond("99999999"), Fallback).Delay.Should().Be(TimeSpan.FromDays(30));

    [Theory]
    [InlineData("30")]
    [InlineData(null)]
    public void FromRetryAfter_FallbackNegative_IsRefusedWithAndWithoutAHeader(string? header) =>
        FluentActions.Invoking(() => CallEventRetryException.FromRetryAfter(Respond(header), TimeSpan.FromSeconds(-1))).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("fallback");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void Constructor_DestinationInvalid_IsRefused(string destination)
    {
        FluentActions.Invoking(() => new CallEventRetryException(Fallback, destination)).Should().Throw<ArgumentException>().WithParameterName(nameof(destination));
        FluentActions.Invoking(() => new DestinationUnavailableException(destination)).Should().Throw<ArgumentException>().WithParameterName(nameof(destination));
    }

    [Fact]
    public void Constructor_DestinationTooLong_IsRefused()
    {
        _ = new CallEventRetryException(Fallback, new('a', 200));
        FluentActions.Invoking(() => new CallEventRetryException(Fallback, new('a', 201))).Should().Throw<ArgumentException>()
            .WithMessage("A destination has 1 to 200 characters and no control characters. Use a short stable name such as bitrix24:portal-7.*");
    }

    private static string Format(DateTimeOffset time) => time.ToString("r", CultureInfo.InvariantCulture);

    private static HttpResponseMessage Respond(string? retryAfter)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return response;
    }
}
