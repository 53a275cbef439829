package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.peering.MeshWorld.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of many brokers on a bad network. */
class MeshTest {

    private static final long MILLI = MeshWorld.MILLI;
    private static final long SECOND = MeshWorld.SECOND;
    private static final int STORMS = Integer.getInteger("mesh.seeds", 100);

    /** Starts brokers of which the first knows nobody and the others the first. */
    private static List<Node> chain(MeshWorld world, int count) {
        Node seed = world.add();
        seed.start();
        for (int i = 1; i < count; i++) {
            world.add().start(seed);
        }
        return world.nodes;
    }

    @Test
    void oneAddressIsEnoughForAllToKnowEachOther() {
        MeshWorld world = new MeshWorld(1);
        chain(world, 12);
        world.pass(SECOND);
        assertThat(world.allKnowEachOther()).isTrue();
        // and one that comes later is known to all within the time of a few messages
        Node late = world.add();
        late.start(world.nodes.get(5));
        world.pass(100 * MILLI);
        assertThat(world.allKnowEachOther()).isTrue();
        // and who leaves is forgotten as soon
        late.leave();
        world.pass(100 * MILLI);
        for (int i = 0; i < 12; i++) {
            assertThat(world.nodes.get(i).told).endsWith("enter n12", "exit n12 LEFT");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nobodyFlapsForAnHourWithFivePercentLossAndPauses(long seed) {
        MeshWorld world = new MeshWorld(seed);
        List<Node> nodes = chain(world, 4);
        world.pass(5 * SECOND);
        assertThat(world.allKnowEachOther()).isTrue();
        world.loss = 0.05;
        List<String> before = told(nodes);
        for (long left = 3_600 * SECOND; left > 0; left -= SECOND) {
            Node node = nodes.get(world.random.nextInt(nodes.size()));
            node.pause(100 * MILLI);
            world.pass(SECOND);
        }
        assertThat(told(nodes)).as("seed " + seed).isEqualTo(before);
        assertThat(world.allKnowEachOther()).isTrue();
    }

    private static List<String> told(List<Node> nodes) {
        List<String> all = new ArrayList<>();
        nodes.forEach(node -> all.addAll(node.told));
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void twoThatWereCutFromEachOtherForLongFindEachOtherAgain(int directions) {
        MeshWorld world = new MeshWorld(4);
        List<Node> nodes = chain(world, 2);
        world.pass(SECOND);
        assertThat(world.allKnowEachOther()).isTrue();
        if (directions != 1) {
            world.cut(nodes.get(0), nodes.get(1));
        }
        if (directions != 0) {
            world.cut(nodes.get(1), nodes.get(0));
        }
        world.pass(100 * SECOND);
        assertThat(world.allKnowEachOther()).isFalse();
        world.healAll();
        world.pass(5 * SECOND);
        assertThat(world.allKnowEachOther()).isTrue();
    }

    @Test
    void afterAnyStormAllKnowEachOtherAndNobodyWasToldAnythingTwice() {
        for (int seed = 0; seed < STORMS; seed++) {
            MeshWorld world = new MeshWorld(seed);
            world.loss = 0.05;
            List<Node> nodes = chain(world, 5);
            try {
                for (int blow = 0; blow < 30; blow++) {
                    blow(world, nodes);
                    world.pass(world.random.nextLong(6 * SECOND));
                }
                calm(world, nodes);
                world.pass(40 * SECOND);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(world.allKnowEachOther()).as("seed " + seed).isTrue();
        }
    }

    private static void blow(MeshWorld world, List<Node> nodes) {
        Node node = nodes.get(world.random.nextInt(nodes.size()));
        Node other = nodes.get(world.random.nextInt(nodes.size()));
        switch (world.random.nextInt(8)) {
            case 0, 1 -> world.cut(node, other);
            case 2 -> world.healAll();
            case 3 -> node.pause(world.random.nextLong(40 * SECOND));
            case 4 -> {
                if (node.machine != null) {
                    node.leave();
                }
            }
            case 5 -> node.crash();
            case 6 -> restart(nodes, node);
            default -> {
                if (node.machine != null) {
                    node.local(new LocalCapacity.Builder()
                            .service("a", world.random.nextInt(10), 0, 0)
                            .build());
                }
            }
        }
    }

    private static void restart(List<Node> nodes, Node node) {
        if (node.machine == null) {
            Node seed = nodes.get(0);
            if (node == seed) {
                node.start();
            } else {
                node.start(seed);
            }
        }
    }

    private static void calm(MeshWorld world, List<Node> nodes) {
        world.healAll();
        world.loss = 0;
        nodes.forEach(node -> restart(nodes, node));
    }

    @Test
    void whatTwelveSayInASecondOfChangeIsBounded() {
        MeshWorld world = new MeshWorld(5);
        List<Node> nodes = chain(world, 12);
        world.pass(SECOND);
        world.counts = true;
        for (int i = 0; i < 10_000; i++) {
            for (Node node : nodes) {
                LocalCapacity.Builder capacity = new LocalCapacity.Builder().service("default", i, 0, 0);
                nodes.forEach(borrower -> capacity.held(borrower.life, "default", 1));
                node.local(capacity.build());
            }
            world.pass(MILLI);
        }
        assertThat(world.published / nodes.size()).isBetween(400L, 501L);
        // 50 messages of 380 bytes, in full of 600, to each of eleven
        assertThat(world.publishedBytes / nodes.size() / 10).isLessThan(25_000);
    }
}
