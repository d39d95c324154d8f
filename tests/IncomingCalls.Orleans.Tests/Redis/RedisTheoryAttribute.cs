namespace IncomingCalls.Orleans.Tests.Redis;

/// <summary>A theory that needs a Redis server, see <see cref="RedisFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisTheoryAttribute : TheoryAttribute
{
    public RedisTheoryAttribute() => Skip = RedisFactAttribute.Missing;
}
