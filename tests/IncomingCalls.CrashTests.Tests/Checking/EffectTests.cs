namespace IncomingCalls.CrashTests.Tests.Checking;

public class EffectTests
{
    private static readonly Effect Effect = Story.Told().Effects[0];

    [Fact]
    public void Parse_WholeLine_IsTheEffect() => CrashTests.Effect.Parse(Effect.Format()).Should().Be(Effect);

    [Fact]
    public void Parse_LineCutShortAnywhere_IsNone()
    {
        var line = Effect.Format();

        Enumerable.Range(0, line.Length).Select(length => CrashTests.Effect.Parse(line[..length])).Should().OnlyContain(effect => effect == null);
    }
}
