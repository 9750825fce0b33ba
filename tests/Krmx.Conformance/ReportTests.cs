namespace Krmx.Conformance;

public class ReportTests
{
    [Fact]
    public void Documentation_ListsTheRulesAsTheyAre() =>
        Assert.Equal(Report.Document(), File.ReadAllText(Repository.PathOf("docs/conformance.md")));
}
