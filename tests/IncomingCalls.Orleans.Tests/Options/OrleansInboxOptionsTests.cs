using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Orleans.Tests.Options;

public class OrleansInboxOptionsTests
{
    [Theory]
    [InlineData("DeduplicationWindow", "01:00:00", "*IncomingCalls:Orleans:DeduplicationWindow is 01:00:00. Write a time from 1.00:00:00 to 365.00:00:00*")]
    [InlineData("DeduplicationWindow", "3", "*IncomingCalls:Orleans:DeduplicationWindow is 3, which is read as 3 days. Write a time from 1.00:00:00 to 365.00:00:00, where*")]
    [InlineData("DeduplicationWindow", "72:00:00", "*IncomingCalls:Orleans:DeduplicationWindow is 72:00:00, which is read as 72 days*")]
    [InlineData("DeduplicationWindow", "15:00", "*IncomingCalls:Orleans:DeduplicationWindow is 15:00, which is read as 15 hours*")]
    [InlineData("RepeatWindow", "3.00:00:00", "IncomingCalls:Orleans:RepeatWindow is a key of version 1 and has no effect. Write IncomingCalls:Orleans:DeduplicationWindow instead.")]
    [InlineData("StorageExpires", "true", "IncomingCalls:Orleans:StorageExpires is a key of version 1 and has no effect. Write IncomingCalls:Orleans:StorageExpiresEntries instead.")]
    [InlineData("MaxDeadLetters", "20000", "*IncomingCalls:Orleans:MaxDeadLetters is 20000. Write a number from 1 to 10000*")]
    [InlineData("MaxQuarantineItems", "0", "*IncomingCalls:Orleans:MaxQuarantineItems*")]
    [InlineData("MaxQuarantineBytes", "1", "*IncomingCalls:Orleans:MaxQuarantineBytes is 1. Write a number from 1048576*")]
    public void Validate_OutOfRange_FailsWithTheKey(string key, string value, string message)
    {
        var read = () => Read(key, value);

        read.Should().Throw<OptionsValidationException>().WithMessage(message);
    }

    [Fact]
    public void Bind_FromTheSection_SetsTheOptions() => Read("StorageExpiresEntries", "true").StorageExpiresEntries.Should().BeTrue();

    [Fact]
    public void Validate_UnknownKey_IsLoggedWithTheNearestKnownKey()
    {
        var logs = new FakeLogCollector();

        Read("MaxDeadLeters", "5", logs);

        logs.GetSnapshot().Where(log => log.Id.Id == 901).Should().ContainSingle().Which.GetStructuredStateValue("NearestKey").Should().Be("IncomingCalls:Orleans:MaxDeadLetters");
    }

    private static OrleansInboxOptions Read(string key, string value, FakeLogCollector? logs = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"IncomingCalls:Orleans:{key}", value)]).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        services.AddIncomingCalls(configuration.GetSection("IncomingCalls")).UseOrleansInbox().AddHandler<RecordingHandler>("told");
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<OrleansInboxOptions>>().Value;
    }
}
