using IncomingCalls.CrashTests.Tests.Verification;

namespace IncomingCalls.CrashTests.Tests.Effects;

public class EffectTests
{
    private static readonly Effect Effect = TestEvidence.Create().Effects[0];

    [Fact]
    public void Parse_WholeLine_ReturnsTheEffect() => CrashTests.Effect.Parse(Effect.Format()).Should().Be(Effect);

    [Fact]
    public void Parse_TruncatedLine_ReturnsNull()
    {
        var line = Effect.Format();

        Enumerable.Range(0, line.Length).Select(length => CrashTests.Effect.Parse(line[..length])).Should().OnlyContain(effect => effect == null);
    }
}
