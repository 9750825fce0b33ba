using Krmx.Simulation.Mutation;

namespace Krmx.Storage.Tests.Mutation;

/// <summary>Whether the specification finds what is there: each defect must make one of its tests fail, and a store without one none.</summary>
[FullRunOnly]
public class MutantTests(PostgreSqlServer server)
{
    private static readonly MutantStore Memory = new("Krmx.Testing.MemoryRoomStore", "src/Krmx.Testing/MemoryRoomStore.cs");
    private static readonly MutantStore Sqlite = new("Krmx.Sqlite.SqliteRoomStore", "src/Krmx.Sqlite", "src/Shared/CommitPlan.cs", "src/Shared/LoadedRoom.cs");
    private static readonly MutantStore PostgreSql = new("Krmx.PostgreSql.PostgreSqlRoomStore", "src/Krmx.PostgreSql", "src/Shared/CommitPlan.cs", "src/Shared/LoadedRoom.cs");

    public static TheoryData<string> InMemory => [.. StoreMutants.Memory.Select(static mutant => mutant.Name)];

    public static TheoryData<string> InSqlite => [.. StoreMutants.Sqlite.Select(static mutant => mutant.Name)];

    public static TheoryData<string> InPostgreSql => [.. StoreMutants.PostgreSql.Select(static mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(InMemory))]
    public async Task Memory_DefectIsFound(string name) => Found(await RunMemoryAsync(StoreMutants.Memory.Single(mutant => mutant.Name == name)));

    [Theory]
    [MemberData(nameof(InSqlite))]
    public async Task Sqlite_DefectIsFound(string name) => Found(await RunSqliteAsync(StoreMutants.Sqlite.Single(mutant => mutant.Name == name)));

    [Theory]
    [MemberData(nameof(InPostgreSql))]
    public async Task PostgreSql_DefectIsFound(string name)
    {
        // Some show only where two are at the same place at once, which is a matter of chance.
        string? failure = null;
        for (int attempt = 0; attempt < 20 && failure is null; attempt++)
            failure = await RunPostgreSqlAsync(StoreMutants.PostgreSql.Single(mutant => mutant.Name == name));
        Found(failure);
    }

    [Fact]
    public async Task NoDefect_NothingIsFound()
    {
        Assert.True(SpecificationRun.Count > 50);
        Assert.Null(await RunMemoryAsync(null));
        // Of the databases, what finds their defects: all of it runs against them elsewhere.
        foreach (string beginning in StoreMutants.Sqlite.Select(static mutant => mutant.Section).Distinct())
            Assert.Null(await RunSqliteAsync(null, beginning));
        foreach (string beginning in StoreMutants.PostgreSql.Select(static mutant => mutant.Section).Distinct())
            Assert.Null(await RunPostgreSqlAsync(null, beginning));
    }

    private static void Found(string? failure)
    {
        Assert.NotNull(failure);
        TestContext.Current.TestOutputHelper?.WriteLine(failure);
    }

    private static Task<string?> RunMemoryAsync(Mutant? mutant)
    {
        Func<object[], IRoomStore> make = Memory.Build(mutant);
        return SpecificationRun.FirstFailureAsync(mutant?.Section, () => new MemorySpecification(make));
    }

    private static Task<string?> RunSqliteAsync(Mutant? mutant, string? beginning = null)
    {
        Func<object[], IRoomStore> make = Sqlite.Build(mutant);
        return SpecificationRun.FirstFailureAsync(beginning ?? mutant?.Section, () => new SqliteSpecification(make));
    }

    private Task<string?> RunPostgreSqlAsync(Mutant? mutant, string? beginning = null)
    {
        Func<object[], IRoomStore> make = PostgreSql.Build(mutant);
        return SpecificationRun.FirstFailureAsync(beginning ?? mutant?.Section, () => new PostgreSqlSpecification(server, make));
    }

    private sealed class MemorySpecification(Func<object[], IRoomStore> make) : MemoryRoomStoreTests
    {
        protected override ValueTask<IRoomStore> CreateAsync() => new(make([]));
    }

    private sealed class SqliteSpecification(Func<object[], IRoomStore> make) : SqliteRoomStoreTests
    {
        protected override IRoomStore Make(string connectionString) => make([connectionString]);
    }

    private sealed class PostgreSqlSpecification(PostgreSqlServer server, Func<object[], IRoomStore> make) : PostgreSqlRoomStoreTests(server)
    {
        protected override IRoomStore Make(string connectionString, string schema) => make([connectionString, schema]);
    }
}
