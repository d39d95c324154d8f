namespace IncomingCalls.Conventions.Tests;

public class FolderGraphTests
{
    [Fact]
    public void Folders_InOneDirection_HaveNoCycle()
    {
        var graph = Graph("A -> B", "B -> C", "A -> C", "C -> C", " -> A");

        graph.Cycles.Should().BeEmpty();
        graph.DescribeCycles().Should().BeEmpty();
    }

    [Fact]
    public void NoUse_HasNoCycle() => Graph().DescribeCycles().Should().BeEmpty();

    [Fact]
    public void Folders_ThatNeedEachOther_AreOneCycleWithTheTypesToMove() =>
        Graph("A -> B", "B -> A", "B -> A", "D -> A").DescribeCycles().Should().Equal(
            "A, B need each other:\n    A <-> B: T1 -> U1\n    B <-> A: T2 -> U2, T3 -> U3");

    [Fact]
    public void Folders_InARing_AreOneCycle() =>
        Graph("A -> B", "B -> C", "C -> A", "C -> D").Cycles.Should().ContainSingle().Which.Should().Equal("A", "B", "C");

    [Fact]
    public void Cycles_ThatDoNotNeedEachOther_AreSeveral() =>
        Graph("A -> B", "B -> A", "B -> C", "C -> D", "D -> C").Cycles.Should().SatisfyRespectively(
            first => first.Should().Equal("A", "B"),
            second => second.Should().Equal("C", "D"));

    [Fact]
    public void Root_IsAFolder() =>
        Graph(" -> A", "A -> ").DescribeCycles().Should().ContainSingle().Which.Should().StartWith("(root), A need each other:");

    [Fact]
    public void ParentAndChild_AreFoldersOfTheirOwn()
    {
        Graph("A/B -> A").DescribeCycles().Should().BeEmpty();
        Graph("A/B -> A", "A -> A/B").DescribeCycles().Should().ContainSingle().Which.Should().StartWith("A, A/B need each other:");
    }

    [Fact]
    public void FolderWithItsChildren_IsOneFolderToOthers()
    {
        Graph("A/B -> C", "C -> D/E").DescribeCycles().Should().BeEmpty();
        Graph("A/B -> C", "C -> A/D").DescribeCycles().Should().ContainSingle().Which.Should().StartWith("A, C need each other:");
    }

    [Fact]
    public void ManyExamples_AreCounted() =>
        Graph([.. Enumerable.Repeat("A -> B", 9), "B -> A"]).DescribeCycles().Should().ContainSingle().Which.Should().EndWith(", T6 -> U6, and 3 more");

    [Fact]
    public void Layers_TellWhatNeedsALayerAbove()
    {
        var layers = new LayerOrder(["Low"], ["Mid", "Mid/Side"], ["High"]);

        layers.DescribeUpwardUses(Uses("High -> Low", "Mid -> Mid/Side", "Mid/Side -> Mid", "Mid/Other -> Low")).Should().BeEmpty();
        layers.DescribeUpwardUses(Uses("Low -> Mid/Side", "Mid/Other -> High")).Should().Equal("Low -> Mid/Side: T1 -> U1", "Mid/Other -> High: T2 -> U2");
        layers.Of("Elsewhere").Should().BeNull();
        layers.Of("").Should().BeNull();
    }

    private static FolderGraph Graph(params string[] edges) => new(Uses(edges));

    private static IEnumerable<TypeUse> Uses(params string[] edges) =>
        edges.Select((edge, index) => edge.Split(" -> ") is var ends ? new TypeUse($"T{index + 1}", ends[0], $"U{index + 1}", ends[1]) : null!);
}
